"""Each test says in one sentence what it is that holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests", "plugins/*/tests", "core/utterly/testing/contract")
FILES = sorted(path for folder in FOLDERS for path in ROOT.glob(f"{folder}/**/*.py"))

_ONE_SENTENCE = re.compile(r"[^\n].*[.!?:]", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?]\s+[A-Z]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_have_one_sentence(path: Path) -> None:
    """A test without a sentence has no subject, and one with two has two."""
    wrong = [
        test.name
        for test in _tests(ast.parse(path.read_text("utf-8")))
        if not _is_one_sentence(ast.get_docstring(test) or "")
    ]

    assert [] == wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_tests_have_different_names(path: Path) -> None:
    """A second test of the same name would silently replace the first."""
    tree = ast.parse(path.read_text("utf-8"))
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef)]
    for scope in scopes:
        names = [node.name for node in scope.body if isinstance(node, ast.FunctionDef)]

        assert sorted(set(names)) == sorted(names)


def _tests(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def _is_one_sentence(docstring: str) -> bool:
    """Whether the first paragraph is one sentence; further ones may explain it."""
    first = docstring.partition("\n\n")[0]
    return bool(_ONE_SENTENCE.fullmatch(first)) and not _SENTENCE_END.search(first)
