"""What the library would do by itself, and may not."""

from __future__ import annotations

import asyncio
import importlib.util
from typing import Any

import pytest
from tests.servers.gemini import API_KEY, GeminiServer
from tests.servers.nobody import unreachable

from utterly import IncompleteAudioError, Secret, SpeechRequest, TransientEngineError
from utterly_gemini import GeminiSettings
from utterly_gemini._connection import Connection
from utterly_gemini._synthesis import speak


def _say(endpoint: str, **settings: Any) -> None:
    async def say() -> None:
        filled = GeminiSettings(api_key=Secret(API_KEY), endpoint=endpoint, **settings)
        connection = Connection.open(filled)
        try:
            async for _audio in speak(connection, SpeechRequest("A sentence.")):
                pass
        finally:
            await connection.close()

    asyncio.run(say())


@pytest.mark.skipif(not importlib.util.find_spec("aiohttp"), reason="aiohttp is not installed")
def test_aiohttp_is_not_used(server: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is installed, the library goes another way, with a second try and other errors."""
    import aiohttp

    def refuse(*_arguments: Any, **_options: Any) -> None:
        pytest.fail("the library used aiohttp")

    monkeypatch.setattr(aiohttp.ClientSession, "request", refuse)
    _say(server.url)

    assert 1 == len(server.requests)


def test_answer_is_not_continued(server: GeminiServer) -> None:
    """The library would ask again as long as an answer says that there is more."""
    server.fail("continuation", times=3)
    with pytest.raises(IncompleteAudioError):
        _say(server.url)

    assert 1 == len(server.requests)


def test_connecting_has_a_limit_of_its_own() -> None:
    """The library has one number for all of its waits."""
    with unreachable() as address, pytest.raises(TransientEngineError, match="in time"):
        _say(f"http://{address}", connect_seconds=0.2, read_seconds=100.0)


def test_silence_is_told_from_a_break(server: GeminiServer) -> None:
    """The user can do something about one of them: wait for longer."""
    server.fail("hang")
    with pytest.raises(TransientEngineError, match="did not answer in time"):
        _say(server.url, read_seconds=0.2)
