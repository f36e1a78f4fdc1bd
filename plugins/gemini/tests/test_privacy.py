"""Where the text goes: nowhere unasked, and the user is told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from plugins.gemini.tests.conftest import OpenSpeaker
from tests.servers.gemini import API_KEY, GeminiServer

from utterly import Speaker
from utterly.cli import main
from utterly_gemini import GeminiSettings


def test_destination_is_told_once(
    server: GeminiServer, open_speaker: OpenSpeaker, caplog: pytest.LogCaptureFixture
) -> None:
    """However often the engine is loaded, and under the name that the user gave it."""
    with caplog.at_level(logging.WARNING, "utterly"):
        for text in ("One.", "Two."):
            open_speaker().say(text)

    told = [message for message in caplog.messages if "sends the text" in message]
    assert [f"gemini sends the text to {server.url.removeprefix('http://')}"] == told


def test_destination_is_googles_by_default() -> None:
    """In words."""
    assert "Google's servers" == GeminiSettings().destination


def test_command_tells_where_the_text_goes(
    server: GeminiServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without being asked for details, and without the key."""
    settings = [f"--set=gemini.endpoint={server.url}", f"--set=gemini.api_key={API_KEY}"]
    with pytest.raises(SystemExit):
        main(("say", "Hello.", "--engines", "gemini", *settings, "-o", str(tmp_path / "out.wav")))
    told = capfd.readouterr().err

    assert 1 == told.count(f"utterly: gemini sends the text to 127.0.0.1:{server.port}")
    assert API_KEY not in told


def test_joins_only_where_it_is_named(server: GeminiServer) -> None:
    """A key alone sends nothing anywhere."""
    settings = {"endpoint": server.url, "api_key": API_KEY}
    with Speaker(settings={"gemini": settings}) as speaker:
        speech = speaker.say("Stay here.")

    assert "gemini" not in speech.chain
    assert [] == server.requests


def test_offline_asks_nobody(server: GeminiServer) -> None:
    """Although it is named."""
    settings = {"endpoint": server.url, "api_key": API_KEY}
    with Speaker(["gemini", "espeak"], settings={"gemini": settings}, offline=True) as speaker:
        speech = speaker.say("Stay here.")

    assert (("espeak",), []) == (speech.engines, server.requests)
