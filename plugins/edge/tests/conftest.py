"""The server and the engine, for tests of the plugin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from edge_tts.drm import DRM
from tests.servers.edge import EdgeServer

from utterly_edge._engine import _told


@pytest.fixture(autouse=True)
def clock_as_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library keeps the difference of the clocks for the whole process."""
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)


@pytest.fixture(autouse=True)
def nothing_told() -> None:
    """The notice about privacy comes once in a process."""
    _told().clear()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's proxies stay out."""
    for name in ("http", "https", "all", "no", "wss"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name.upper()}_PROXY", raising=False)


@pytest.fixture
def server() -> Iterator[EdgeServer]:
    """One that works, until it is told to fail."""
    with EdgeServer() as server:
        yield server
