"""Every hook is in the reference with its exact signature, and is used by tests."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from utterly.hookspecs import EngineSpecs, ExtensionSpecs

ROOT = Path(__file__).parents[2]
HOOKS = {
    name: value
    for specs in (EngineSpecs, ExtensionSpecs)
    for name, value in vars(specs).items()
    if inspect.isfunction(value)
}


@pytest.fixture(scope="module")
def reference() -> str:
    """The page of the hooks, with white space evened out."""
    return _even((ROOT / "docs/reference/hooks.md").read_text("utf-8"))


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_is_in_the_reference(reference: str, hook: str) -> None:
    """A plugin's author copies the signature from there."""
    signature = inspect.signature(HOOKS[hook])
    own = signature.replace(parameters=list(signature.parameters.values())[1:])

    assert _even(f"def {hook}{own}").replace("'", "") in reference


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_is_in_the_page_for_authors(hook: str) -> None:
    """The first page for plugin authors leaves none out."""
    assert f"`{hook}" in (ROOT / "docs/plugins.md").read_text("utf-8")


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_is_used_in_a_test(hook: str) -> None:
    """A test implements it, or names it to have it called or fail."""
    assert hook in set(_names_in_tests())


def _names_in_tests() -> Iterator[str]:
    """Names of hook implementations in tests, and strings that are the name of a hook."""
    for path in sorted(ROOT.glob("tests/[!m]*/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _even(text: str) -> str:
    """Signatures wrapped over several lines, as one."""
    return " ".join(text.split()).replace("( ", "(").replace(", )", ")")
