"""`Policy(prepare="background")`: nobody waits for a model while another engine can speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from utterly import (
    AllEnginesFailedError,
    ModelDownloadError,
    Policy,
    RequestCancelledError,
    Speaker,
    Speech,
    UtterlyError,
)
from utterly.events import AttemptFailed, EngineHealthChanged, EnginePreparing
from utterly.testing import Fault, RecordingObserver, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

BACKGROUND = Policy(prepare="background")
HANGS = Fault("ensure_model", kind="hang", times=1)
"""Ends, and goes on, when the engine is released."""


@pytest.fixture
def observer() -> RecordingObserver:
    """Who is told what happens from the first request on."""
    return RecordingObserver()


@pytest.fixture
def speaker(install: InstallEngine, observer: RecordingObserver) -> Iterator[Speaker]:
    """A chain whose second engine is ready."""
    install("second")
    with Speaker("first,second", policy=BACKGROUND, on_event=observer) as both:
        both.prepare("second")
        observer.events.clear()
        yield both


def say_until(speaker: Speaker, is_reached: Callable[[Speech], bool]) -> Speech:
    """Speak again and again until the speech is as it should become."""
    for _ in range(2000):
        speech = speaker.say("One.")
        if is_reached(speech):
            return speech
    pytest.fail("it did not come to that")


def spoken_by_first(speech: Speech) -> bool:
    """Whether the model has come."""
    return speech.engines == ("first",)


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("at", ["ensure_model", "load"])
def test_next_engine_speaks_meanwhile(
    install: InstallEngine, speaker: Speaker, at: str, *, is_async: bool
) -> None:
    """The result says who spoke, and why not the first choice."""
    install("first", Fault(at, kind="hang", times=1), is_async=is_async)  # type: ignore[arg-type]  # two of its values
    (segment,) = speaker.say("One.").segments

    assert ("second", True) == (segment.engine, segment.substituted)
    assert ["StillPreparingError", ""] == [attempt.error for attempt in segment.attempts]
    assert "ensure_model" == segment.attempts[0].stage


def test_next_paragraph_may_be_the_first_choices(install: InstallEngine, speaker: Speaker) -> None:
    """The model came while the stand-in spoke; within the paragraph the voice stays."""
    engine = install("first", HANGS)

    def text() -> Iterator[str]:
        yield "One. "
        yield "Two. "
        engine.release()
        say_until(speaker, spoken_by_first)
        yield "Three.\n\n"
        yield "Four. Five. "

    with speaker.stream(text()) as stream:
        chunks = {chunk.segment: chunk.engine for chunk in stream}

    assert ["second", "second", "second", "first", "first"] == list(chunks.values())
    assert 1 == engine.loads


def test_next_request_is_the_first_choices(install: InstallEngine, speaker: Speaker) -> None:
    """What is under way goes on after the request, and is not begun twice."""
    engine = install("first", HANGS)
    before = speaker.say("One.").engines
    speaker.say("Two.")
    engine.release()
    say_until(speaker, spoken_by_first)

    assert ("second",) == before
    assert 1 == engine.called("ensure_model") == engine.loads


def test_health_is_untouched(
    install: InstallEngine, speaker: Speaker, observer: RecordingObserver
) -> None:
    """Guarantee 7, fair health: to be on its way is no failure, however often it is asked."""
    install("first", HANGS)
    for _ in range(5):
        speaker.say("One.")
    told = observer.of(AttemptFailed)

    assert [] == observer.of(EngineHealthChanged)
    assert [("first", "StillPreparingError", "second")] * 5 == [
        (event.engine, event.error, event.next_engine) for event in told
    ]
    assert 1 == len(observer.of(EnginePreparing))


@pytest.mark.parametrize("live", [False, True])
def test_whole_chain_on_its_way_is_waited_for(install: InstallEngine, *, live: bool) -> None:
    """Who is there first speaks: the first choice if nothing is to be fetched."""
    install("first", HANGS)
    install("second")
    with Speaker("first,second", policy=BACKGROUND) as both:
        if live:
            with both.stream("One.") as stream:
                engines = {chunk.engine for chunk in stream}
        else:
            engines = set(both.say("One.").engines)

    assert {"second"} == engines


def test_single_engine_is_waited_for(install: InstallEngine) -> None:
    """As with `prepare="wait"`."""
    install("first")
    with Speaker("first", policy=BACKGROUND) as alone:
        speech = alone.say("One.")

    assert ("complete", ("first",)) == (speech.status, speech.engines)


def test_engine_without_files_is_not_passed_over() -> None:
    """It is loaded in a moment, and nothing is said of it."""
    with Speaker("espeak", policy=BACKGROUND) as speaker:
        (segment,) = speaker.say("One.").segments

    assert 1 == len(segment.attempts)


def test_failed_download_is_told_the_next_time(
    install: InstallEngine, speaker: Speaker, observer: RecordingObserver
) -> None:
    """It counts as it would have done in the foreground, and is tried again later."""
    install("first", Fault("ensure_model", error=ModelDownloadError("disk full", is_final=True)))
    speech = say_until(speaker, lambda speech: "disk full" in str(speech.segments[0].attempts))

    assert ("second",) == speech.engines
    assert [("first", "open")] == [
        (event.engine, event.state) for event in observer.of(EngineHealthChanged)
    ]


def test_nobody_to_come_is_a_failure(install: InstallEngine) -> None:
    """Every reason is told."""
    install("first", Fault("ensure_model", error=ModelDownloadError("disk full")))
    with (
        Speaker("first", policy=BACKGROUND) as alone,
        pytest.raises(AllEnginesFailedError, match="disk full"),
    ):
        alone.say("One.")


def test_waiting_for_an_arrival_is_cancelled(install: InstallEngine) -> None:
    """Who closes the stream does not wait for the model."""
    install("first", HANGS)
    errors: list[UtterlyError] = []
    with Speaker("first", policy=BACKGROUND) as alone:
        stream = alone.stream("One.")

        def listen() -> None:
            try:
                list(stream)
            except RequestCancelledError as error:
                errors.append(error)

        listener = Thread(target=listen)
        listener.start()
        stream.close()
        listener.join(10)

    assert not listener.is_alive()


def test_closing_ends_what_is_on_its_way(install: InstallEngine) -> None:
    """A download that nobody wants any more is told to stop."""
    install("second")
    engine = install("first", HANGS)
    with Speaker("first,second", policy=BACKGROUND) as both:
        both.prepare("second")
        both.say("One.")

    assert 0 == engine.loads
