"""A folder to install plugins into, and what every test of discovery leaves behind."""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from utterly.plugins import Plugins
from utterly.testing.distributions import write_distribution

Install = Callable[..., Path]

HEALTHY = """
from utterly import Audio, EngineInfo, hookimpl

utterly_api = 1

@hookimpl
def describe():
    return EngineInfo("Healthy", "local", ("en",), 24_000)

@hookimpl
def synthesize(request):
    yield Audio([0.0], 24_000)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install distributions into a folder of the module search path."""
    monkeypatch.delenv("UTTERLY_DISABLE", raising=False)
    monkeypatch.syspath_prepend(tmp_path)

    def write(name: str, source: str = HEALTHY, **options: str) -> Path:
        return write_distribution(tmp_path, name, source=source, **options)

    return write


@pytest.fixture
def plugins() -> Plugins:
    """The plugins of a process that has only just begun."""
    return Plugins()


@pytest.fixture
def healthy_source() -> str:
    """The module of a healthy engine."""
    return HEALTHY


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """What a plugin waits for with `import gate; gate.opened.wait()`; open in the end."""
    others = set(threading.enumerate())
    module = types.ModuleType("gate")
    vars(module).update(begun=threading.Event(), opened=threading.Event())
    monkeypatch.setitem(sys.modules, "gate", module)
    yield module
    module.opened.set()
    # An import that goes on would put its module back after it was taken out.
    for thread in threading.enumerate():
        if thread not in others and thread.name.startswith("utterly-import-"):
            thread.join()
