"""Every fault of the service, in a chain: what is heard, what is told, what is left behind."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from plugins.gemini.tests.conftest import OpenSpeaker
from plugins.gemini.tests.outcomes import OUTCOMES
from tests.faults.waiting import wait_until
from tests.servers.gemini import FAULTS, STREAM_FAULTS, GeminiServer
from tests.servers.nobody import NOBODY

from utterly import AllEnginesFailedError, Attempt, Policy, Speech, decisions
from utterly.events import EngineHealthChanged
from utterly.testing import RecordingObserver, ScriptedEngine, hear
from utterly_gemini import _synthesis

SECOND = "The second sentence of these three."
TEXTS = ("First.", SECOND, "Third.")
TEXT = " ".join(TEXTS)

PATIENT = Policy(on_rejected="next")
IMPATIENT = replace(PATIENT, first_audio_cloud_seconds=0.3, stall_seconds=0.3)

pytestmark = [
    pytest.mark.usefixtures("second"),
    # The library's own, about a reason that it does not know.
    pytest.mark.filterwarnings("ignore:SOMETHING_NEW is not a valid:UserWarning"),
]

CASES = [
    pytest.param(fault, streams, id=f"{fault}, {'streamed' if streams else 'in one piece'}")
    for fault, streams in itertools.product(FAULTS | STREAM_FAULTS, (True, False))
    if streams or fault in FAULTS
]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again follow at once."""
    monkeypatch.setattr(decisions, "FIRST_PAUSE", 0.01)


@pytest.fixture
def nothing_left(server: GeminiServer) -> Callable[[], None]:
    """Check that connections and threads ended with the speaker."""

    def check() -> None:
        assert server.wait_until_idle()
        wait_until(lambda: not _threads())

    return check


def _policy(fault: str) -> Policy:
    return IMPATIENT if OUTCOMES[fault].error == "StageTimeoutError" else PATIENT


def _threads() -> list[str]:
    names = (thread.name for thread in enumerate_threads())
    return [name for name in names if name.startswith("utterly-gemini")]


def test_every_fault_has_an_outcome() -> None:
    """What the server can do wrong is expected to do something."""
    assert (FAULTS | STREAM_FAULTS).keys() == OUTCOMES.keys()


@pytest.mark.parametrize(("fault", "streams"), CASES)
def test_second_engine_takes_over(
    fault: str,
    *,
    streams: bool,
    monkeypatch: pytest.MonkeyPatch,
    server: GeminiServer,
    open_speaker: OpenSpeaker,
    observer: RecordingObserver,
    nothing_left: Callable[[], None],
) -> None:
    """The text is spoken once, and the attempts and the health are what the failure deserves."""
    monkeypatch.setattr(_synthesis, "LONGEST_STREAMED", 45.0 if streams else 0.0)
    server.fail(fault, text=SECOND)
    outcome = OUTCOMES[fault]

    with open_speaker("second", policy=_policy(fault)) as speaker:
        speech = speaker.say(TEXT)

    assert "complete" == speech.status
    assert TEXTS == _heard(speech)
    assert ["gemini", "second", "second"] == [segment.engine for segment in speech.segments]
    assert [outcome.error] * outcome.tries == [attempt.error for attempt in _failed(speech)]
    assert outcome.state == _state(observer)
    assert outcome.tries == [request.text for request in server.requests].count(SECOND)
    assert {streams} == {request.streaming for request in server.requests}
    nothing_left()


@pytest.mark.parametrize(
    "fault",
    ["bad-key", "daily-quota", "unavailable", "portal-html", "safety", "no-stop", "odd-pcm"],
)
def test_espeak_takes_over(fault: str, server: GeminiServer, open_speaker: OpenSpeaker) -> None:
    """The chain of the embedded engine: every kind of failure once."""
    server.fail(fault, text=SECOND)

    speech = open_speaker("espeak", policy=PATIENT).say(TEXT)

    assert [("First.", "gemini"), (SECOND, "espeak"), ("Third.", "espeak")] == [
        (segment.text, segment.engine) for segment in speech.segments
    ]
    assert ("First.",) == tuple(filter(None, _heard(speech)))


@pytest.mark.parametrize("fault", sorted(FAULTS | STREAM_FAULTS))
def test_listener_hears_everything_once(
    fault: str, server: GeminiServer, open_speaker: OpenSpeaker
) -> None:
    """Nothing that was given out is repeated, and what broke off is marked."""
    server.fail(fault, text=SECOND)
    speaker = open_speaker("second", policy=_policy(fault))

    with speaker.stream(TEXT) as stream:
        chunks = [chunk.samples for chunk in stream]

    assert np.array_equal(stream.speech.samples, np.concatenate(chunks))
    heard = _heard(stream.speech)
    broken = [segment for segment in stream.speech.segments if not segment.complete]
    assert heard in (TEXTS, ("First.", None, "Third."))
    assert (heard != TEXTS) == bool(broken) == (stream.speech.status == "partial")


def test_safety_block_ends_the_chain(
    server: GeminiServer, second: ScriptedEngine, open_speaker: OpenSpeaker
) -> None:
    """What Gemini refuses is not handed to the next engine unless the policy says so."""
    server.fail("safety", text=SECOND)

    with pytest.raises(AllEnginesFailedError) as raised:
        open_speaker("second").say(TEXT)

    assert ["ContentRejectedError"] == [attempt.error for attempt in raised.value.attempts]
    assert SECOND not in [text for hook, text in second.calls if hook == "synthesize"]


def test_nobody_there(open_speaker: OpenSpeaker) -> None:
    """A port that nobody listens on is a connection that may work at the next try."""
    speaker = open_speaker("second", endpoint="http://127.0.0.1:9", connect_seconds=1.0)

    speech = speaker.say(TEXT)

    assert TEXTS == _heard(speech)
    assert ["TransientEngineError"] * 3 == [attempt.error for attempt in _failed(speech)]


@pytest.mark.parametrize("fault", ["hang", "hang-midway"])
@pytest.mark.parametrize("streams", [True, False])
def test_hang_ends_by_the_engines_own_limit(
    fault: str,
    *,
    streams: bool,
    server: GeminiServer,
    open_speaker: OpenSpeaker,
    monkeypatch: pytest.MonkeyPatch,
    nothing_left: Callable[[], None],
) -> None:
    """Where core is patient, the transport gives up after `read_seconds` without a byte."""
    monkeypatch.setattr(_synthesis, "LONGEST_STREAMED", 45.0 if streams else 0.0)
    server.fail(fault, text=SECOND)

    with open_speaker("second", read_seconds=0.2) as speaker:
        speech = speaker.say(TEXT)

    assert TEXTS == _heard(speech)
    assert ["TransientEngineError"] * 3 == [attempt.error for attempt in _failed(speech)]
    nothing_left()


@pytest.mark.parametrize("nobody", NOBODY)
def test_hang_on_the_way_ends_by_the_engines_own_limit(
    nobody: str, open_speaker: OpenSpeaker
) -> None:
    """In the look-up of the name, the connection, or before the first byte of an answer."""
    with NOBODY[nobody]() as address:
        scheme = "https" if nobody == "unfindable" else "http"
        speaker = open_speaker(
            "second", endpoint=f"{scheme}://{address}", connect_seconds=0.2, read_seconds=0.2
        )
        speech = speaker.say("First.")

    assert ("First.",) == _heard(speech)
    assert ["TransientEngineError"] * 3 == [attempt.error for attempt in _failed(speech)]
    assert all(attempt.seconds < 5 for attempt in _failed(speech))


@pytest.mark.parametrize("fault", ["hang", "hang-midway"])
def test_cancelled_request_leaves_nothing(
    fault: str, server: GeminiServer, open_speaker: OpenSpeaker, nothing_left: Callable[[], None]
) -> None:
    """A listener who goes away ends the connection, however long the limits are."""
    server.fail(fault, text=SECOND)
    with open_speaker() as speaker, speaker.stream(TEXT) as stream:
        next(iter(stream))
        wait_until(lambda: SECOND in [request.text for request in server.requests])
    nothing_left()


def _heard(speech: Speech) -> tuple[str | None, ...]:
    return tuple(
        tone.text if tone.complete else None
        for tone in hear(speech.samples, speech.sample_rate, TEXTS)
    )


def _failed(speech: Speech) -> list[Attempt]:
    attempts = [attempt for segment in speech.segments for attempt in segment.attempts]
    return [attempt for attempt in attempts if attempt.error]


def _state(observer: RecordingObserver) -> str:
    changes = [e.state for e in observer.of(EngineHealthChanged) if e.engine == "gemini"]
    return changes[-1] if changes else "closed"
