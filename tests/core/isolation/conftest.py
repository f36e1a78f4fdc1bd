"""An engine that can be had in a process of its own, and a look at those processes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tests.faults.waiting import wait_until

from utterly.testing import write_distribution

Install = Callable[..., str]

SCRIPTED = """
from utterly.testing import Fault, ScriptedEngine

engine = ScriptedEngine({arguments})
"""


@pytest.fixture
def install_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install engines whose source is given, or the arguments of a scripted engine."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(name: str, arguments: str = "", *, source: str = "") -> str:
        text = source or SCRIPTED.format(arguments=arguments)
        entry = f"{name} = utterly_{name}" + ("" if source else ":engine")
        write_distribution(tmp_path, f"utterly-{name}", source=text, entry=entry)
        return name

    yield install
    assert not [name for name in sys.modules if name == "utterly_apart"], "imported here after all"


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    """Whatever a test does, it leaves no process behind."""
    yield
    wait_until(lambda: not psutil.Process().children())
