"""Modules with one subject, functions that are taken in at a glance."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 250
LONGEST_MEDIAN_MODULE = 120
LONGEST_MEDIAN_FUNCTION = 8

SOURCES = [
    path
    for pattern in ("core/**/*.py", "plugins/*/src/**/*.py", "docs/**/*.py")
    for path in sorted(ROOT.glob(pattern))
]


def _length(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_is_not_too_long(path: Path) -> None:
    """A module that grows beyond this has a second subject in it."""
    assert _length(path) <= LONGEST_MODULE


def test_modules_of_core_are_small() -> None:
    """Half of the modules fit on two screens."""
    lengths = [_length(path) for path in ROOT.glob("core/**/*.py")]

    assert median(lengths) <= LONGEST_MEDIAN_MODULE


def test_functions_of_core_are_small() -> None:
    """Half of the functions are no longer than a paragraph."""
    lengths = [
        _statement_lines(node)
        for path in ROOT.glob("core/**/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

    assert median(lengths) <= LONGEST_MEDIAN_FUNCTION


def _statement_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines
