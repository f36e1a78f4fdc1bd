"""The key: where it comes from, and that nobody ever sees it."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator

import pytest
from plugins.gemini.tests.conftest import OpenSpeaker
from tests.servers.gemini import FAULTS, STREAM_FAULTS, GeminiServer

from utterly import (
    AllEnginesFailedError,
    EngineUnavailableError,
    Policy,
    Secret,
    SpeechRequest,
    decisions,
)
from utterly.testing import RecordingObserver
from utterly_gemini import GeminiSettings
from utterly_gemini._connection import Connection
from utterly_gemini._key import find_key
from utterly_gemini._synthesis import speak

CANARY = "the-canary-that-nobody-may-see-0123456789"
MALFORMED = {
    "short": "abc",
    "inner newline": CANARY + "\n" + CANARY,
    "inner space": CANARY + " " + CANARY,
    "not ASCII": CANARY + "\u00e9",
    "long": CANARY * 6,
    "control": CANARY + "\x00",
}
TEXT = "The second sentence of these three."

# The library's own, about a reason that it does not know.
pytestmark = pytest.mark.filterwarnings("ignore:SOMETHING_NEW is not a valid:UserWarning")


def test_setting_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was set for Utterly is meant for it."""
    monkeypatch.setenv("GEMINI_API_KEY", "from-the-environment-" * 2)

    assert Secret(CANARY) == find_key(GeminiSettings(api_key=Secret(CANARY)))


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
def test_environment_has_the_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both variables of the library's are known, and white space around a key is nothing."""
    monkeypatch.setenv(name, f" {CANARY}\n")

    assert Secret(CANARY) == find_key(GeminiSettings())


def test_own_variable_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key for Gemini is not one for whatever else of Google's."""
    monkeypatch.setenv("GEMINI_API_KEY", CANARY)
    monkeypatch.setenv("GOOGLE_API_KEY", "another-key-of-googles-0123456789")

    assert Secret(CANARY) == find_key(GeminiSettings())


def test_without_a_key_the_engine_is_disabled() -> None:
    """The error says where to get one and where to put it."""
    with pytest.raises(EngineUnavailableError) as raised:
        find_key(GeminiSettings())

    assert "aistudio.google.com" in raised.value.mend
    assert "GEMINI_API_KEY" in raised.value.mend


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_key_is_refused_before_any_call(
    kind: str, server: GeminiServer, open_speaker: OpenSpeaker
) -> None:
    """What cannot be a key is never sent, and not shown."""
    with pytest.raises(AllEnginesFailedError) as raised:
        open_speaker(api_key=MALFORMED[kind]).say(TEXT)

    (attempt,) = raised.value.attempts
    assert "EngineUnavailableError" == attempt.error
    assert [] == [line for line in _everything_of(raised.value) if CANARY in line]
    assert [] == server.requests


@pytest.fixture
def canary_server() -> Iterator[GeminiServer]:
    """The other side, which knows the canary."""
    with GeminiServer(key=CANARY) as server:
        yield server


@pytest.mark.parametrize("fault", sorted(FAULTS | STREAM_FAULTS))
def test_nobody_sees_the_key(
    fault: str,
    *,
    canary_server: GeminiServer,
    open_speaker: OpenSpeaker,
    observer: RecordingObserver,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in a log, an event, an error, a repr or on the terminal; nor is the text in an error."""
    monkeypatch.setattr(decisions, "FIRST_PAUSE", 0.01)
    caplog.set_level(logging.DEBUG)
    for name in ("asyncio", "google_genai", "httpcore2", "httpx2"):
        caplog.set_level(logging.DEBUG, name)
    canary_server.fail(fault)
    policy = Policy(first_audio_cloud_seconds=0.3, stall_seconds=0.3, retry_seconds=1.0)

    with pytest.raises(AllEnginesFailedError) as raised:
        open_speaker(
            api_key=CANARY, endpoint=canary_server.url, read_seconds=0.5, policy=policy
        ).say(TEXT)

    assert CANARY == canary_server.requests[0].key
    told = [
        *_everything_of(raised.value),
        repr(vars(observer)),
        *(line for record in caplog.records for line in _everything_logged(record)),
        *capfd.readouterr(),
    ]
    assert [] == [line for line in told if CANARY in line]
    assert all(TEXT not in attempt.message for attempt in raised.value.attempts)


@pytest.mark.parametrize("fault", sorted(FAULTS | STREAM_FAULTS))
def test_traceback_with_locals_has_no_key(fault: str, canary_server: GeminiServer) -> None:
    """Tools that report the variables of every frame find the library's nowhere."""
    canary_server.fail(fault)

    error = asyncio.run(_failure(canary_server))

    if error is not None:  # core finds silence
        assert [] == [line for line in _everything_of(error) if CANARY in line]


def test_error_of_an_answer_has_no_frames_of_the_librarys(canary_server: GeminiServer) -> None:
    """It is ours, and yet was raised while the library was at work."""
    canary_server.fail("safety")

    error = asyncio.run(_failure(canary_server))

    assert error is not None
    frames = traceback.extract_tb(error.__traceback__)
    assert ["_failure", "speak"] == [frame.name for frame in frames]


def test_connection_shows_no_client() -> None:
    """Its repr goes where a traceback with variables goes."""
    connection = Connection.open(GeminiSettings(api_key=Secret(CANARY)))
    asyncio.run(connection.close())

    assert "client=" not in repr(connection)
    assert CANARY not in repr(connection)


async def _failure(server: GeminiServer) -> Exception | None:
    settings = GeminiSettings(api_key=Secret(CANARY), endpoint=server.url, read_seconds=0.3)
    connection = Connection.open(settings)
    try:
        async for _audio in speak(connection, SpeechRequest(TEXT)):
            pass
    except Exception as error:  # noqa: BLE001  # whatever it is, it is looked at
        return error
    finally:
        await connection.close()
    return None


def _everything_logged(record: logging.LogRecord) -> Iterator[str]:
    yield repr(vars(record))
    yield record.getMessage()
    if record.exc_info:
        yield from _everything_of(record.exc_info[1])


def _everything_of(error: BaseException | None) -> Iterator[str]:
    """What any tool could show: also causes and contexts that are not to be shown."""
    while error is not None:
        yield repr(error)
        yield repr(vars(error))
        yield "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
        if error.__context__ is not None and error.__cause__ is not None:
            yield from _everything_of(error.__cause__)
        error = error.__context__ or error.__cause__
