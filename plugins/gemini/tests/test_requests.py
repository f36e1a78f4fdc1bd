"""What is sent: voice, style, text, key; and what the library may not do by itself."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from plugins.gemini.tests.conftest import OpenSpeaker
from plugins.gemini.tests.speaking import say
from tests.servers.gemini import API_KEY, GeminiServer

from utterly import (
    Audio,
    EngineError,
    EngineUnavailableError,
    QuotaExceededError,
    RateLimitedError,
    UnsupportedError,
)
from utterly.testing import hear
from utterly_gemini import GeminiSettings, _synthesis, voices
from utterly_gemini._synthesis import estimate_seconds

TEXT = "Say cheerfully: the second sentence."
OLD = "gemini-3.1-flash-tts-preview"


def _say(server: GeminiServer, text: str = TEXT, **options: Any) -> list[Audio]:
    return say(server.url, text, **options)


def _error(server: GeminiServer, **options: Any) -> EngineError:
    with pytest.raises(EngineError) as raised:
        _say(server, **options)
    return raised.value


def test_thirty_voices_are_listed() -> None:
    """Each once, and the first is the one that speaks where none is named."""
    names = [voice.id for voice in voices()]

    assert 30 == len(set(names)) == len(names)
    assert "Kore" == names[0]


@pytest.mark.parametrize("asked", [voice.id for voice in voices()] + ["zephyr"])
def test_voice_is_sent_as_the_api_spells_it(asked: str, server: GeminiServer) -> None:
    """Whatever its case."""
    _say(server, voice=asked)

    assert asked.capitalize() == server.requests[0].voice


@pytest.mark.parametrize("voice", ["Nobody", "Kore'/><x", "../Kore", "Kore\n", ""])
def test_unknown_voice_is_never_sent(voice: str, server: GeminiServer) -> None:
    """What is no voice reaches no client."""
    assert isinstance(_error(server, voice=voice), UnsupportedError)
    assert [] == server.requests


@pytest.mark.parametrize("language", ["xx", "", "tlh", "en\n"])
def test_unknown_language_is_never_sent(language: str, server: GeminiServer) -> None:
    """It would be read as whatever the model takes it for."""
    assert isinstance(_error(server, language=language), UnsupportedError)
    assert [] == server.requests


@pytest.mark.parametrize("language", ["en", "en-GB", "zh_TW", "SV", "fil-PH"])
def test_known_language_is_left_to_the_model(language: str, server: GeminiServer) -> None:
    """It hears by itself which one a text is in."""
    _say(server, language=language)

    assert "language" not in str(server.requests[0].config)


def test_text_goes_word_for_word_and_style_beside_it(server: GeminiServer) -> None:
    """No instruction is put into the text."""
    _say(server, style="whispering")

    (request,) = server.requests
    assert (TEXT, "whispering") == (request.text, request.style)


def test_sampling_parameters_are_not_sent(server: GeminiServer) -> None:
    """The models refuse them."""
    _say(server)

    assert {"response_modalities", "speech_config"} == server.requests[0].config.keys()


def test_old_model_takes_no_style(server: GeminiServer) -> None:
    """It would read it out; the error names the model that does not."""
    error = _error(server, settings={"model": OLD}, style="whispering")

    assert isinstance(error, UnsupportedError)
    assert "set model to gemini-3.8-flash-lite-tts" in str(error)
    assert [] == server.requests


@pytest.mark.parametrize(
    ("model", "successor"),
    [
        ("gemini-2.5-pro-preview-tts", "gemini-3.8-flash-tts"),
        ("gemini-2.5-flash-preview-tts", "gemini-3.8-flash-lite-tts"),
        (OLD, "gemini-3.8-flash-lite-tts"),
        ("gemini-9-tts", "gemini-3.8-flash-tts"),
    ],
)
def test_retired_model_says_which_to_use(model: str, successor: str, server: GeminiServer) -> None:
    """A 404 is mended by a setting."""
    server.fail("no-model")
    error = _error(server, settings={"model": model})

    assert isinstance(error, EngineUnavailableError)
    assert f"set model to {successor}" == error.mend


@pytest.mark.parametrize("shape", ["wav", "pcm"])
@pytest.mark.parametrize("model", ["gemini-3.8-flash-tts", OLD])
@pytest.mark.parametrize("longest", [0.0, 45.0])
def test_both_shapes_are_heard(
    shape: str, model: str, longest: float, server: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A WAV or raw samples, in one piece or as they come."""
    monkeypatch.setattr(_synthesis, "LONGEST_STREAMED", longest)
    server.shape = shape  # type: ignore[assignment]  # one of the two

    pieces = _say(server, settings={"model": model})

    samples = [sample for piece in pieces for sample in piece.samples]
    (heard,) = hear(samples, pieces[0].sample_rate, [TEXT])  # type: ignore[arg-type]  # a list will do
    assert (TEXT, True) == (heard.text, heard.complete)
    assert (longest > 0) == (len(pieces) > 1)


@pytest.mark.parametrize(
    ("text", "streams"),
    [("a" * 500, True), ("a" * 600, False), ("\u6f22" * 200, True), ("\u6f22" * 300, False)],
)
def test_long_text_comes_in_one_piece(text: str, *, streams: bool) -> None:
    """Streams are trusted for three quarters of a minute."""
    assert streams == (estimate_seconds(text) <= _synthesis.LONGEST_STREAMED)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [("rate-limited", 3.5), ("rate-limited-by-header", 7.0), ("rate-limited-bare", None)],
)
def test_rate_limit_says_how_long(fault: str, seconds: float | None, server: GeminiServer) -> None:
    """The delay of the body, or of the header."""
    server.fail(fault)
    error = _error(server)

    assert isinstance(error, RateLimitedError)
    assert seconds == error.retry_after


def test_daily_quota_ends_with_the_day_in_california(server: GeminiServer) -> None:
    """Not after the seconds that come with it."""
    server.fail("daily-quota")
    error = _error(server)

    assert isinstance(error, QuotaExceededError)
    assert error.until is not None
    assert error.until > datetime.now(UTC)
    assert (8, 0) == (error.until.hour, error.until.minute)


def test_redirect_does_not_take_the_key_along(server: GeminiServer) -> None:
    """The other address is the same server by another name, and hears nothing."""
    server.fail("redirect", times=1)
    _error(server)

    assert 1 == len(server.requests)


def test_environment_leads_nowhere_else(
    server: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to Vertex, nor with another key, nor to another address."""
    for name in ("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "a-project")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "europe-west1")
    monkeypatch.setenv("GOOGLE_API_KEY", "another-key-of-googles-0123456789")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("GOOGLE_API_USE_MTLS_ENDPOINT", "always")
    monkeypatch.setenv("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true")

    _say(server)

    assert [API_KEY] == [request.key for request in server.requests]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://example.org", "ftp://127.0.0.1", "https://user:word@example.org", "example.org",
        "https://", "http://127.0.0.1.example.org", "https://example.org/?key=1",
    ],
)  # fmt: skip
def test_unsafe_endpoint_is_refused(endpoint: str) -> None:
    """The key goes over TLS, or nowhere beyond this machine."""
    with pytest.raises(ValueError, match="https") as raised:
        GeminiSettings(endpoint=endpoint)

    assert "word" not in str(raised.value)


@pytest.mark.parametrize("model", ["", "x/../y", "models/x", "x\n", "x?y", "X" * 200, "x:y"])
def test_odd_model_is_refused(model: str) -> None:
    """It becomes a part of the address."""
    with pytest.raises(ValueError, match="model must be"):
        GeminiSettings(model=model)


@pytest.mark.parametrize(
    "words", [400, pytest.param(20_000, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_long_text_keeps_its_order(
    words: int, server: GeminiServer, open_speaker: OpenSpeaker
) -> None:
    """Every word is asked for once, in order, whatever fails on the way."""
    text = " ".join(f"Word number {index} stands in this sentence." for index in range(words // 7))
    server.fail("unavailable", times=1)

    speech = open_speaker().say(text)

    assert text.split() == " ".join(segment.text for segment in speech.segments).split()
    sentences = [segment.text for segment in speech.segments]
    heard = hear(speech.samples, speech.sample_rate, sentences)
    assert sentences == [tone.text for tone in heard if tone.complete]
    assert "complete" == speech.status


def test_listing_engines_imports_nothing_of_googles() -> None:
    """The library takes a second to import, and waits until somebody speaks."""
    program = (
        "import sys; import utterly.cli;"
        "from utterly.plugins import Plugins; print(Plugins().engine('gemini').info.title);"
        "print([name for name in sys.modules if name.startswith(('google', 'httpx'))])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout

    assert ["Gemini", "[]"] == printed.splitlines()
