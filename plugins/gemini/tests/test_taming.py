"""What the library would do by itself, and may not."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from plugins.gemini.tests.speaking import say
from tests.servers.gemini import GeminiServer
from tests.servers.nobody import unreachable

from utterly import IncompleteAudioError, TransientEngineError


@pytest.mark.skipif(not importlib.util.find_spec("aiohttp"), reason="aiohttp is not installed")
def test_aiohttp_is_not_used(server: GeminiServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is installed, the library goes another way, with a second try and other errors."""
    import aiohttp

    def refuse(*_arguments: Any, **_options: Any) -> None:
        pytest.fail("the library used aiohttp")

    monkeypatch.setattr(aiohttp.ClientSession, "request", refuse)
    say(server.url)

    assert 1 == len(server.requests)


def test_answer_is_not_continued(server: GeminiServer) -> None:
    """The library would ask again as long as an answer says that there is more."""
    server.fail("continuation", times=3)
    with pytest.raises(IncompleteAudioError):
        say(server.url)

    assert 1 == len(server.requests)


def test_connecting_has_a_limit_of_its_own() -> None:
    """The library has one number for all of its waits."""
    with unreachable() as address, pytest.raises(TransientEngineError, match="in time"):
        say(f"http://{address}", settings={"connect_seconds": 0.2, "read_seconds": 100.0})


def test_silence_is_told_from_a_break(server: GeminiServer) -> None:
    """The user can do something about one of them: wait for longer."""
    server.fail("hang")
    with pytest.raises(TransientEngineError, match="did not answer in time"):
        say(server.url, settings={"read_seconds": 0.2})
