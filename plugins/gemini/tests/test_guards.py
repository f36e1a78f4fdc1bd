"""With a guard out, its fault is no longer noticed, or the library does what it may not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import httpx2
import pytest
from google.genai import types
from tests.servers.gemini import API_KEY, GeminiServer

from utterly import EngineError, Secret, SpeechRequest
from utterly_gemini import GeminiSettings, _synthesis
from utterly_gemini._answer import Answer
from utterly_gemini._connection import Connection
from utterly_gemini._sound import Sound

MOST_REQUESTS = 4
"""The library would go on asking for ever."""


def _say(server: GeminiServer) -> None:
    async def say() -> None:
        settings = GeminiSettings(api_key=Secret(API_KEY), endpoint=server.url, read_seconds=5.0)
        connection = Connection.open(settings)
        try:
            async for _audio in _synthesis.speak(connection, SpeechRequest("A sentence.")):
                pass
        finally:
            await connection.close()

    asyncio.run(say())


def _nothing(_self: Any) -> Iterator[Any]:
    return iter(())


@pytest.mark.parametrize("fault", ["no-stop", "other-midway", "continuation", "header-only-wav"])
def test_only_the_end_tells_of_a_cut(
    fault: str, server: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing in the library minds half an answer."""
    server.fail(fault)
    with pytest.raises(EngineError):
        _say(server)

    monkeypatch.setattr(Answer, "finish", _nothing)
    _say(server)


@pytest.mark.parametrize("fault", ["odd-pcm", "cut-wav", "cut-base64-evenly"])
def test_only_the_bytes_tell_of_lost_samples(
    fault: str, server: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer itself ends as it should."""
    server.fail(fault)
    with pytest.raises(EngineError):
        _say(server)

    monkeypatch.setattr(Sound, "finish", _nothing)
    _say(server)


def test_library_would_try_again(server: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One attempt has to be asked for."""
    options = types.HttpRetryOptions(attempts=3, initial_delay=0.0, max_delay=0.01, jitter=0.0)
    server.fail("unavailable")

    assert 1 == _count(server)
    monkeypatch.setattr(types, "HttpRetryOptions", lambda **_: options)
    assert 3 == _count(server)


def test_transport_would_follow(server: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the key would go along."""
    server.fail("redirect", times=1)
    assert 1 == _count(server)

    follow = partial(_open, httpx2.AsyncClient)
    monkeypatch.setattr(httpx2, "AsyncClient", follow)
    server.fail("redirect", times=1)
    assert 2 == _count(server)
    assert {API_KEY} == {request.key for request in server.requests}


def _open(kind: Any, **options: Any) -> Any:
    return kind(**{**options, "follow_redirects": True})


def test_library_would_continue(server: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks again as long as an answer says that there is more."""
    server.fail("continuation", times=MOST_REQUESTS)
    assert 1 == _count(server)

    tamed = _synthesis._arguments  # noqa: SLF001  # the guard is in there

    def untamed(*arguments: Any) -> dict[str, Any]:
        found = tamed(*arguments)
        found["config"].automatic_continuation = None
        return found

    monkeypatch.setattr(_synthesis, "_arguments", untamed)
    assert 1 < _count(server)


def _count(server: GeminiServer) -> int:
    server.requests.clear()
    with suppress(EngineError):
        _say(server)
    return len(server.requests)
