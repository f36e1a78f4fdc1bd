"""The server, and speakers that reach it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from tests.faults.waiting import wait_until
from tests.servers.connections import watch_connections
from tests.servers.gemini import API_KEY, GeminiServer
from tests.servers.proxy import VARIABLES

from utterly import Policy, Speaker
from utterly.testing import RecordingObserver, ScriptedEngine, register_engine
from utterly_gemini._connection import tell_destination

OpenSpeaker = Callable[..., Speaker]


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no switch of the library's and no proxy of the developer's."""
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", *VARIABLES):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def nothing_told() -> None:
    """The notice about privacy comes once in a process."""
    tell_destination.cache_clear()


@pytest.fixture(autouse=True)
def connections_end() -> Iterator[None]:
    """Nobody waits on a connection without an end, and none is left open."""
    with watch_connections() as connections:
        yield
        wait_until(lambda: not connections.open)

    assert [] == connections.endless_waits


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    """The other side."""
    with GeminiServer() as server:
        yield server


@pytest.fixture
def observer() -> RecordingObserver:
    """Hears what the speakers of a test tell."""
    return RecordingObserver()


@pytest.fixture
def second() -> Iterator[ScriptedEngine]:
    """An engine that is always well, and speaks tones as the server does."""
    with ScriptedEngine(name="second") as engine, register_engine(engine, "second"):
        yield engine


@pytest.fixture
def open_speaker(server: GeminiServer, observer: RecordingObserver) -> Iterator[OpenSpeaker]:
    """Open speakers whose engine `gemini` asks the server; they are closed after the test."""
    with ExitStack() as stack:

        def open_speaker(*engines: str, policy: Policy | None = None, **settings: Any) -> Speaker:
            settings = {"api_key": API_KEY, "endpoint": server.url, **settings}
            speaker = Speaker(
                ["gemini", *engines],
                settings={"gemini": settings},
                policy=policy,
                on_event=observer,
            )
            return stack.enter_context(speaker)

        yield open_speaker
