"""What the public packages offer: exactly their `__all__`, and all of it documented."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import griffe
import pytest

import utterly

CORE = Path(__file__).parents[2] / "core"
PUBLIC_PACKAGES = ("utterly", "utterly.plugins", "utterly.testing")
DOCUMENTED_BY_THEIR_NAME = {"__version__"}


@pytest.fixture(params=PUBLIC_PACKAGES)
def package(request: pytest.FixtureRequest) -> ModuleType:
    """Each public package, with what it loads on use loaded."""
    module = importlib.import_module(request.param)
    for name in module.__all__:
        getattr(module, name)
    return module


_PRINT_SHADOWED_NAMES = """
import importlib, pkgutil, types
import {package} as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*[n for n in package.__all__ if isinstance(getattr(package, n), types.ModuleType)])
"""


def _sorting_key(name: str) -> tuple[int, str]:
    """Constants, classes, the rest: as the linter sorts imports."""
    rank = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return rank, name


def _is_visible(name: str, value: Any) -> bool:
    """Whether a reader of the module would take a name as offered."""
    incidental = isinstance(value, ModuleType) or name in {"Any", "TYPE_CHECKING", "annotations"}
    return not name.startswith("_") and not incidental


def test_all_is_sorted(package: ModuleType) -> None:
    """Names are found where a reader looks for them."""
    assert sorted(package.__all__, key=_sorting_key) == package.__all__


def test_all_is_what_is_visible(package: ModuleType) -> None:
    """Nothing is offered by accident; that what is listed is there, the fixture has shown."""
    visible = {name for name, value in vars(package).items() if _is_visible(name, value)}

    assert set() == visible - set(package.__all__)


@pytest.mark.parametrize("package_name", PUBLIC_PACKAGES)
def test_no_module_hides_a_public_name(package_name: str) -> None:
    """A module that is imported becomes an attribute of its package, over a function's name."""
    completed = subprocess.run(  # our own program
        [sys.executable, "-c", _PRINT_SHADOWED_NAMES.format(package=package_name)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert [] == completed.stdout.split()


def test_public_names_are_documented(package: ModuleType) -> None:
    """Every name that is offered has a docstring of its own."""
    source = griffe.load(package.__name__, search_paths=[CORE], resolve_aliases=True)
    names = set(package.__all__) - DOCUMENTED_BY_THEIR_NAME
    silent = {name for name in names if not _docstring(source[name])}

    assert set() == silent


def test_public_methods_are_documented(package: ModuleType) -> None:
    """So has every public method and property of the classes that are offered."""
    source = griffe.load(package.__name__, search_paths=[CORE], resolve_aliases=True)
    classes = [source[name] for name in package.__all__ if name in source.members]
    silent = {
        f"{owner.name}.{member.name}"
        for owner in classes
        if owner.is_class
        for member in owner.members.values()
        if member.is_function and not member.name.startswith("_") and not _docstring(member)
    }

    assert set() == silent


def test_version_is_that_of_the_distribution() -> None:
    """`utterly.__version__` cannot fall behind."""
    assert version("utterly") == utterly.__version__


def _docstring(member: griffe.Object | griffe.Alias) -> str:
    return member.docstring.value if member.docstring else ""
