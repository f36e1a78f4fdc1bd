"""Isolation: what an engine hands over may be nonsense, and still no other engine suffers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from tests.faults.waiting import finish_within

from utterly import Policy, Speaker, Speech, hookimpl
from utterly.audio import Audio, Word
from utterly.engine_info import EngineInfo, Voice
from utterly.errors import (
    EngineDefectError,
    EngineError,
    EngineUnavailableError,
    InvalidRequestError,
    QuotaExceededError,
    RateLimitedError,
    StageTimeoutError,
    TransientEngineError,
)
from utterly.testing import Fault, ScriptedEngine, register_engine, tone

InstallEngine = Callable[..., ScriptedEngine]

POLICY = Policy(prepare_seconds=5.0, load_seconds=5.0, buffered_retries=0)
ANYTHING: Any = object()


class MuteError(Exception):
    """An error that cannot be put into words."""

    def __str__(self) -> str:
        raise ValueError("no words")


class MuteEngineError(EngineError):
    """The same, of a class that we know."""

    def __str__(self) -> str:
        raise ValueError("no words")


class MuteRequestError(InvalidRequestError):
    """The same, of another class that we know."""

    def __str__(self) -> str:
        raise ValueError("no words")


class BareRateLimitedError(RateLimitedError):
    """A refinement whose author did not call our constructor; so are the others."""

    def __init__(self) -> None:
        Exception.__init__(self, "x")


class BareUnavailableError(EngineUnavailableError):
    """See above."""

    def __init__(self) -> None:
        Exception.__init__(self, "x")


class BareTimeoutError(StageTimeoutError):
    """See above."""

    def __init__(self) -> None:
        Exception.__init__(self, "x")


class BareDefectError(EngineDefectError):
    """See above."""

    def __init__(self) -> None:
        Exception.__init__(self, "x")


NAIVE = datetime.now(UTC).replace(tzinfo=None)
ODD_ERRORS: dict[str, BaseException] = {
    "mute": MuteError(),
    "mute engine error": MuteEngineError(),
    "mute request error": MuteRequestError(),
    "bare rate limit": BareRateLimitedError(),
    "bare unavailable": BareUnavailableError(),
    "bare timeout": BareTimeoutError(),
    "bare defect": BareDefectError(),
    "retry after a word": RateLimitedError("x", retry_after="soon"),  # type: ignore[arg-type]  # a plugin's mistake
    "retry after nan": RateLimitedError("x", retry_after=float("nan")),
    "retry after -1": RateLimitedError("x", retry_after=-1.0),
    "naive until": QuotaExceededError("x", until=NAIVE),
    "until a word": QuotaExceededError("x", until="tomorrow"),  # type: ignore[arg-type]  # as above
    "unknown stage": StageTimeoutError("x", stage="lunch"),  # type: ignore[arg-type]  # as above
    "mend of no words": EngineUnavailableError("x", mend=ANYTHING),
    "generator exit": GeneratorExit(),
    "stop iteration": StopIteration(),
    "group": BaseExceptionGroup("x", [KeyboardInterrupt()]),
}

ODD_VOICES: dict[str, Any] = {
    "none": None,
    "a number": 5,
    "words": ("anna", "berta"),
    "no language": (Voice("anna", ()),),
    "language as a word": (Voice("anna", "en"),),  # type: ignore[arg-type]  # as above
    "languages that are none": (Voice("anna", (None,)),),  # type: ignore[arg-type]  # as above
}

ODD_WORDS: dict[str, Any] = {
    "none": None,
    "a number": 5,
    "words": ("One.",),
    "no times": (Word("One.", None, None),),  # type: ignore[arg-type]  # as above
    "times as words": (Word("One.", "0", "1"),),  # type: ignore[arg-type]  # as above
    "nan": (Word("One.", float("nan"), 1.0),),
    "backwards": (Word("One.", 5.0, 1.0),),
    "no word": (Word(None, 0.0, 1.0),),  # type: ignore[arg-type]  # as above
}

ODD_SAMPLES: dict[str, Any] = {
    "none": None,
    "words": "audio",
    "ragged": [[1.0, 2.0], [3.0]],
    "an object": object(),
    "objects": np.array([object()]),
    "a number": 0.5,
    "complex": np.array([1j] * 100),
    "huge": np.full(30_000, 1e300),
}

ODD_RATES: dict[str, Any] = {
    "none": None,
    "a word": "24000",
    "nan": float("nan"),
    "negative": -24_000,
}


class Parrot:
    """An engine that yields what it is given."""

    utterly_api = 1

    def __init__(self, *audio: Any) -> None:
        self.audio = audio

    @hookimpl
    def describe(self) -> EngineInfo:
        """Just enough."""
        return EngineInfo("Parrot", "local", ("en",), 24_000, licence="MIT")

    @hookimpl
    def synthesize(self) -> Iterator[Any]:
        """What it was given."""
        yield from self.audio


def speak(live: bool = False) -> Speech:
    """Speak through both engines, and do not wait for ever."""

    def work() -> Speech:
        with Speaker("first,second", policy=POLICY) as speaker:
            if not live:
                return speaker.say("One.")
            with speaker.stream("One.") as stream:
                list(stream)
                return stream.speech

    return finish_within(30.0, work)


def check_taken_over(speech: Speech) -> None:
    """Check that the second engine spoke, and that the first one's failure is told in a line."""
    failed = speech.segments[0].attempts[0]

    assert ("complete", ("second",)) == (speech.status, speech.engines)
    assert failed.error
    assert failed.message.isprintable()


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize("at", ["voices", "ensure_model", "load", "before_audio", "after_audio"])
@pytest.mark.parametrize("error", ODD_ERRORS.values(), ids=ODD_ERRORS.keys())
def test_guarantee_1_isolation_from_odd_errors(
    install: InstallEngine, error: BaseException, at: Any, is_async: bool
) -> None:
    """Guarantee 1, isolation: whatever an exception is like inside, the next engine speaks."""
    install("first", Fault(at, error=error, after=0.1), is_async=is_async)
    install("second")

    check_taken_over(speak())


def test_failure_of_many_lines_is_told_in_one(install: InstallEngine) -> None:
    """A library's page of explanations does not break a log or a command line."""
    install("first", Fault("load", error=TransientEngineError("first\nsecond\r\nthird")))
    install("second")

    check_taken_over(speak())


@pytest.mark.parametrize("voices", ODD_VOICES.values(), ids=ODD_VOICES.keys())
def test_guarantee_1_isolation_from_odd_voices(install: InstallEngine, voices: Any) -> None:
    """Guarantee 1, isolation: a list of voices that is none is that engine's failure."""
    install("first").voice_list = voices
    install("second")

    check_taken_over(speak())


@pytest.mark.parametrize("live", [False, True], ids=["buffered", "live"])
@pytest.mark.parametrize("words", ODD_WORDS.values(), ids=ODD_WORDS.keys())
def test_guarantee_1_isolation_from_odd_words(
    install: InstallEngine, words: Any, live: bool
) -> None:
    """Guarantee 1, isolation: word timings that are none reach neither caller nor result."""
    install("second")

    with register_engine(Parrot(Audio(tone("One."), 24_000, words)), "first"):
        speech = speak(live)

    assert "complete" == speech.status
    for word in speech.segments[0].words:
        assert word.text == "One."
        assert 0.0 <= word.start <= word.end <= speech.duration + 0.01


@pytest.mark.parametrize("live", [False, True], ids=["buffered", "live"])
@pytest.mark.parametrize("samples", ODD_SAMPLES.values(), ids=ODD_SAMPLES.keys())
def test_guarantee_1_isolation_from_odd_samples(
    install: InstallEngine, samples: Any, live: bool
) -> None:
    """Guarantee 1, isolation: samples that are none are that engine's failure."""
    install("second")

    with register_engine(Parrot(Audio(samples, 24_000)), "first"):
        check_taken_over(speak(live))


@pytest.mark.parametrize("rate", ODD_RATES.values(), ids=ODD_RATES.keys())
def test_guarantee_1_isolation_from_odd_rates(install: InstallEngine, rate: Any) -> None:
    """Guarantee 1, isolation: a sample rate that is none is that engine's failure."""
    install("second")

    with register_engine(Parrot(Audio(tone("One."), rate)), "first"):
        check_taken_over(speak())


@pytest.mark.parametrize(
    "item", [None, b"\0\0", 7, np.zeros(10), object()], ids=lambda item: type(item).__name__
)
def test_guarantee_1_isolation_from_what_is_no_audio(install: InstallEngine, item: Any) -> None:
    """Guarantee 1, isolation: an item that is no `Audio` is that engine's failure."""
    install("second")

    with register_engine(Parrot(item), "first"):
        check_taken_over(speak())
