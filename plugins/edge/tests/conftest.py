"""The server and the engine, for tests of the plugin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from edge_tts.drm import DRM
from numpy.typing import NDArray
from tests.faults.waiting import wait_until
from tests.servers.connections import watch_connections
from tests.servers.edge import EdgeServer
from tests.servers.proxy import VARIABLES

import utterly_edge
from utterly import Audio, Context, SpeechRequest, Word
from utterly_edge._engine import tell_destination


@dataclass(frozen=True)
class Spoken:
    """A segment, spoken to its end."""

    chunks: list[Audio]

    @property
    def samples(self) -> NDArray[Any]:
        """All of its audio."""
        return np.concatenate([chunk.samples for chunk in self.chunks])

    @property
    def words(self) -> list[Word]:
        """All of its words."""
        return [word for chunk in self.chunks for word in chunk.words]


Say = Callable[..., Spoken]


@pytest.fixture(autouse=True)
def clock_as_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library keeps the difference of the clocks for the whole process."""
    monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)


@pytest.fixture(autouse=True)
def nothing_told() -> None:
    """The notice about privacy comes once in a process."""
    tell_destination.cache_clear()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's proxies stay out."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def connections_end() -> Iterator[None]:
    """Nobody waits on a connection without an end, and none is left open."""
    with watch_connections() as connections:
        yield
        wait_until(lambda: not connections.open)

    assert [] == connections.endless_waits


@pytest.fixture
def server() -> Iterator[EdgeServer]:
    """One that works, until it is told to fail."""
    with EdgeServer() as server:
        yield server


@pytest.fixture
def say(server: EdgeServer) -> Say:
    """Speak a text with the engine alone."""

    def say(text: str, *, context: Context | None = None, **asked: Any) -> Spoken:
        more = asked.pop("settings", {})
        quick = {"answer_seconds": 2, "idle_seconds": 1.0}
        settings = utterly_edge.EdgeSettings(**server.settings(**quick | more))
        context = context or Context()
        model = utterly_edge.load("edge", settings, context)
        return asyncio.run(_speak(model, SpeechRequest(text, **asked), context))

    return say


async def _speak(model: Any, request: SpeechRequest, context: Context) -> Spoken:
    """Speak to the end."""
    async with aclosing(utterly_edge.synthesize(model, request, context)) as audio:
        return Spoken([chunk async for chunk in audio])
