"""`import utterly` is light: plugins and programs pay for it before a word is spoken."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PRINT_NEW_MODULES = """
import sys
before = set(sys.modules)
import {module}
print(*sorted(set(sys.modules) - before), sep="\\n")
"""

OUR_LEAVES = {
    "utterly",
    "utterly.audio",
    "utterly.cancellation",
    "utterly.context",
    "utterly.engine_info",
    "utterly.errors",
    "utterly.hookspecs",
    "utterly.request",
    "utterly.secret",
    "utterly.speech",
}
"""What a plugin needs, and nothing that runs one."""

HEAVY_STANDARD_LIBRARY = {
    "asyncio",
    "concurrent",
    "ctypes",
    "email",
    "http",
    "multiprocessing",
    "queue",
    "select",
    "selectors",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tempfile",
    "tomllib",
    "unittest",
    "wave",
    "xml",
}
"""Modules that take long, or that only something that runs engines or reads files would want."""


def _new_modules(module: str) -> list[str]:
    """What an import loads in a fresh interpreter."""
    program = _PRINT_NEW_MODULES.format(module=module)
    completed = subprocess.run(  # our own program
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    return completed.stdout.split()


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """What `import utterly` loads."""
    return _new_modules("utterly")


def _top(module: str) -> str:
    return module.partition(".")[0]


def test_import_loads_only_our_leaves(loaded: list[str]) -> None:
    """The rest of the package waits until it is used."""
    ours = {module for module in loaded if _top(module) == "utterly"}

    assert ours == OUR_LEAVES


def test_import_loads_no_library_but_pluggy(loaded: list[str]) -> None:
    """No numpy, no click, no engine's library; the allow-list has one entry."""
    allowed = {*sys.stdlib_module_names, "pluggy", "utterly"}

    assert set() == {_top(module) for module in loaded} - allowed


def test_import_loads_no_heavy_standard_library(loaded: list[str]) -> None:
    """No event loop, no executor, no socket."""
    assert set() == {_top(module) for module in loaded} & HEAVY_STANDARD_LIBRARY


def test_command_line_loads_no_numpy() -> None:
    """`utterly --help` is not kept waiting by what only speaking needs."""
    loaded = {_top(module) for module in _new_modules("utterly.cli")}

    assert set() == loaded & {
        "asyncio",
        "msgspec",
        "numpy",
        "py3langid",
        "regex",
        "sentencex",
        "soxr",
    }
