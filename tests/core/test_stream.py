"""Tests of `SpeechStream`: audio while it is being spoken, and text while it is still arriving."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from itertools import groupby
from threading import Event
from time import monotonic
from types import CodeType, FrameType
from typing import Any

import numpy as np
import pytest

from utterly import (
    AllEnginesFailedError,
    Audio,
    AudioChunk,
    ClosedError,
    Context,
    EngineInfo,
    InvalidRequestError,
    OutputError,
    Policy,
    RequestCancelledError,
    Speaker,
    SpeechRequest,
    SpeechStream,
    hookimpl,
)
from utterly.engine.threads import DaemonThreads
from utterly.events import (
    AttemptFailed,
    RequestEnded,
    RequestEvent,
    SegmentBroken,
    SegmentSkipped,
)
from utterly.testing import (
    Fault,
    RecordingObserver,
    ScriptedEngine,
    hear,
    register_engine,
    register_extension,
)

InstallEngine = Callable[..., ScriptedEngine]

SENTENCES = [f"Sentence {number}." for number in ("one", "two", "three", "four", "five")]
TEXT = " ".join(SENTENCES)
WORDS = "alpha beta gamma delta epsilon"
"""Spoken in a second, each word in 0.2 s."""
FOREVER = 10.0
"""Seconds that only a test that fails waits for."""


class Wordless:
    """An extension that takes the word timings away, as of an engine that knows none."""

    utterly_api = 1

    @hookimpl
    def around_synthesize(
        self, request: SpeechRequest, speak: Callable[[SpeechRequest], Iterator[AudioChunk]]
    ) -> Iterator[AudioChunk]:
        """Pass the audio on alone."""
        for chunk in speak(request):
            yield AudioChunk(chunk.samples, chunk.sample_rate, chunk.segment, chunk.engine)


@pytest.fixture
def wordless() -> Iterator[str]:
    """Name of the extension that takes word timings away."""
    with register_extension(Wordless(), "wordless"):
        yield "wordless"


def heard(chunks: Iterable[AudioChunk], texts: list[str]) -> list[tuple[str | None, bool]]:
    """What a listener understands: each coded tone, and whether it was whole."""
    samples = np.concatenate([np.zeros(0, np.float32), *(chunk.samples for chunk in chunks)])
    return [(tone.text, tone.complete) for tone in hear(samples, 24_000, texts)]


def listen_until_error(stream: SpeechStream) -> tuple[list[AudioChunk], BaseException]:
    """All that can be heard, and what it ended with."""
    chunks: list[AudioChunk] = []
    with pytest.raises(Exception) as caught:  # noqa: PT011  # the caller looks at it
        chunks.extend(stream)
    return chunks, caught.value


@pytest.fixture
def comes_to_rest() -> Callable[[ScriptedEngine], bool]:
    """Tells whether engine and threads stop within the time that is promised.

    Threads that another test left behind do not count.
    """
    earlier = busy_threads()

    def wait(engine: ScriptedEngine) -> bool:
        deadline = monotonic() + 2.0
        while at_work := engine.speaking or busy_threads() - earlier:
            if monotonic() > deadline:
                break
            Event().wait(0.005)
        return not at_work

    return wait


def busy_threads() -> set[int]:
    """Threads of ours that do not wait for work."""
    stacks = {ident: _codes(frame) for ident, frame in sys._current_frames().items()}  # noqa: SLF001  # the one way to look
    return {ident for ident, codes in stacks.items() if OURS in codes and WAITING not in codes}


OURS = DaemonThreads._run.__code__  # noqa: SLF001  # where each of them begins
WAITING = DaemonThreads._next.__code__  # noqa: SLF001  # where one without work is


def _codes(frame: FrameType | None) -> list[CodeType]:
    codes = []
    while frame is not None:
        codes.append(frame.f_code)
        frame = frame.f_back
    return codes


def test_text_at_once_is_heard_whole_and_in_order(install: InstallEngine) -> None:
    """Everything arrives, sentence by sentence, in chunks that never span two of them."""
    install("first", sample_rate=22_050)

    with Speaker("first") as speaker, speaker.stream(TEXT) as stream:
        chunks = list(stream)

    assert [(sentence, True) for sentence in SENTENCES] == heard(chunks, SENTENCES)
    assert list(range(5)) == [segment for segment, _ in groupby(c.segment for c in chunks)]
    assert {("first", 24_000)} == {(chunk.engine, chunk.sample_rate) for chunk in chunks}


def test_text_may_arrive_token_by_token(install: InstallEngine) -> None:
    """However the text was cut, the same is heard."""
    engine = install("first")
    tokens = (TEXT[start : start + 3] for start in range(0, len(TEXT), 3))

    with Speaker("first") as speaker, speaker.stream(tokens) as stream:
        chunks = list(stream)

    assert [(sentence, True) for sentence in SENTENCES] == heard(chunks, SENTENCES)
    assert SENTENCES == [request.text for request in engine.requests]


def test_text_may_be_asynchronous_without_an_event_loop(install: InstallEngine) -> None:
    """A client of a language model that knows only `async for` serves a blocking program too."""
    install("first")
    closed = Event()

    async def tokens() -> AsyncIterator[str]:
        try:
            for token in TEXT.split(" "):
                yield token + " "
        finally:
            closed.set()

    with Speaker("first") as speaker, speaker.stream(tokens()) as stream:
        chunks = list(stream)

    assert [(sentence, True) for sentence in SENTENCES] == heard(chunks, SENTENCES)
    assert closed.is_set()


def test_first_audio_comes_before_the_rest_of_the_text(install: InstallEngine) -> None:
    """The first sentence is heard while the second one is still being written."""
    install("first")
    listening = Event()

    def tokens() -> Iterator[str]:
        yield "Sentence one. Sentence"
        assert listening.wait(FOREVER), "nothing was heard before the text was complete"
        yield " two."

    with Speaker("first") as speaker, speaker.stream(tokens()) as stream:
        chunks = [next(stream)]
        listening.set()
        chunks += stream

    assert [(sentence, True) for sentence in SENTENCES[:2]] == heard(chunks, SENTENCES)


def test_blank_text_gives_no_audio(install: InstallEngine) -> None:
    """There is nothing to say, and nothing wrong."""
    engine = install("first")

    with Speaker("first") as speaker, speaker.stream([" ", "\n\n", "..."]) as stream:
        chunks = list(stream)

    assert ([], "complete", []) == (chunks, stream.speech.status, engine.requests)


@pytest.mark.parametrize("rate", [22_050, 24_000])
@pytest.mark.parametrize(
    "faults", [(), (Fault("after_audio", after=0.6, text=WORDS),)], ids=["well", "broken"]
)
def test_speech_is_what_was_given_out(
    install: InstallEngine, faults: tuple[Fault, ...], rate: int
) -> None:
    """The result and what was heard agree, sample for sample, and so do their lengths."""
    install("first", *faults, sample_rate=rate, seconds=1.0)
    install("second", sample_rate=48_000)

    with Speaker("first,second") as speaker, speaker.stream(f"One. {WORDS}. Two.") as stream:
        chunks = list(stream)

    speech = stream.speech
    np.testing.assert_array_equal(speech.samples, np.concatenate([c.samples for c in chunks]))
    assert pytest.approx(speech.duration) == speech.segments[-1].end


def test_speech_grows_while_it_is_heard(install: InstallEngine) -> None:
    """In the middle of a stream, what there is is partial."""
    install("first")

    with Speaker("first") as speaker, speaker.stream(TEXT) as stream:
        next(stream)
        status = stream.speech.status
        list(stream)

    assert ("partial", "complete") == (status, stream.speech.status)


def test_audio_need_not_be_kept(install: InstallEngine) -> None:
    """Who speaks for hours keeps memory flat: the listener had it, the result has the facts."""
    install("first")
    with Speaker("first") as speaker:
        with speaker.stream(TEXT, keep_audio=False) as stream:
            heard = sum(chunk.duration for chunk in stream)
        speech = stream.speech

    assert 0 == len(speech.samples)
    assert pytest.approx(heard) == speech.duration
    assert "complete" == speech.status
    with pytest.raises(OutputError, match="was not to be kept"):
        speech.to_bytes()


def test_stream_knows_its_number(install: InstallEngine) -> None:
    """Its events are told from those of others."""
    install("first")
    observer = RecordingObserver()
    with Speaker("first", on_event=observer) as speaker, speaker.stream(TEXT) as stream:
        list(stream)

    assert {stream.number} == {event.request for event in observer.of(RequestEvent)}


def test_stream_without_a_block_ends_by_itself(install: InstallEngine) -> None:
    """Who listens to the end need not close anything."""
    install("first")
    observer = RecordingObserver()

    with Speaker("first", on_event=observer) as speaker:
        stream = speaker.stream(TEXT)
        chunks = list(stream)

        assert [(sentence, True) for sentence in SENTENCES] == heard(chunks, SENTENCES)
        assert "complete" == observer.wait_for(RequestEnded).status


def test_stream_that_has_ended_stays_ended(install: InstallEngine) -> None:
    """Iterating once more gives nothing and waits for nobody."""
    install("first")

    with Speaker("first") as speaker, speaker.stream("One.") as stream:
        list(stream)

        assert [] == list(stream)


def test_stream_that_was_never_heard_asks_nobody(install: InstallEngine) -> None:
    """A stream begins with its first chunk; leaving it before that costs nothing."""
    engine = install("first")

    with Speaker("first") as speaker:
        with speaker.stream(TEXT) as stream:
            pass

        assert ([], []) == (list(stream), engine.requests)


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
def test_leaving_early_stops_everything(
    install: InstallEngine, comes_to_rest: Callable[[ScriptedEngine], bool], is_async: bool
) -> None:
    """Neither the engine nor a thread of the request goes on when nobody listens."""
    engine = install("first", is_async=is_async)
    observer = RecordingObserver()

    with Speaker("first", on_event=observer, unload="never") as speaker:
        with speaker.stream(TEXT) as stream:
            next(stream)

        assert "failed" == observer.wait_for(RequestEnded, timeout=2.0).status
        assert comes_to_rest(engine)
        assert len(engine.requests) < len(SENTENCES)
        assert "partial" == stream.speech.status


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
def test_leaving_early_stops_an_engine_that_hangs(
    install: InstallEngine, comes_to_rest: Callable[[ScriptedEngine], bool], is_async: bool
) -> None:
    """A listener who gives up does not wait for deadlines."""
    engine = install(
        "first", Fault("after_audio", kind="hang", after=0.5), is_async=is_async, seconds=1.0
    )

    with Speaker("first", unload="never") as speaker:
        with speaker.stream("One.") as stream:
            next(stream)

        assert comes_to_rest(engine)


def test_stream_that_nobody_has_any_more_stops(install: InstallEngine) -> None:
    """`for chunk in speaker.stream(text): break` holds no model and no thread for ever."""
    install("first")
    observer = RecordingObserver()

    with Speaker("first", on_event=observer) as speaker:
        for _chunk in speaker.stream(TEXT):
            break
        gc.collect()

        assert "failed" == observer.wait_for(RequestEnded, timeout=2.0).status


def test_leaving_early_closes_the_source_of_the_text(install: InstallEngine) -> None:
    """The connection to a language model is not kept open by a stream that has ended."""
    install("first")
    closed = Event()

    def tokens() -> Iterator[str]:
        try:
            for sentence in SENTENCES:
                yield sentence + " "
        finally:
            closed.set()

    with Speaker("first") as speaker:
        with speaker.stream(tokens()) as stream:
            next(stream)

        assert closed.wait(2.0)


def test_leaving_early_stops_waiting_for_asynchronous_text(
    install: InstallEngine, comes_to_rest: Callable[[ScriptedEngine], bool]
) -> None:
    """Text that never comes keeps no thread of ours."""
    engine = install("first")
    closed = Event()

    async def tokens() -> AsyncIterator[str]:

        try:
            yield "Sentence one. Sentence"
            await asyncio.sleep(FOREVER)
        finally:
            closed.set()

    with Speaker("first", unload="never") as speaker:
        with speaker.stream(tokens()) as stream:
            next(stream)

        assert closed.wait(2.0)
        assert comes_to_rest(engine)


def test_error_comes_after_the_audio_that_came_before(install: InstallEngine) -> None:
    """What was spoken is heard, and then the listener learns that there is no more."""
    install("first", Fault("before_audio", text=SENTENCES[2]))

    with Speaker("first") as speaker, speaker.stream(TEXT) as stream:
        chunks, error = listen_until_error(stream)

    assert isinstance(error, AllEnginesFailedError)
    assert [(sentence, True) for sentence in SENTENCES[:2]] == heard(chunks, SENTENCES)
    assert ("partial", 2) == (error.speech.status, len(error.speech.segments))
    np.testing.assert_array_equal(
        error.speech.samples, np.concatenate([chunk.samples for chunk in chunks])
    )


def test_error_in_the_text_reaches_the_listener(install: InstallEngine) -> None:
    """The fault of a language model is not taken for one of an engine."""
    install("first")
    observer = RecordingObserver()

    def tokens() -> Iterator[str]:
        yield "Sentence one. Sentence"
        raise ConnectionResetError("the model went away")

    with Speaker("first", on_event=observer) as speaker, speaker.stream(tokens()) as stream:
        chunks, error = listen_until_error(stream)

    assert isinstance(error, ConnectionResetError)
    assert [("Sentence one.", True)] == heard(chunks, SENTENCES)
    assert [] == observer.of(AttemptFailed)


def test_error_is_raised_once(install: InstallEngine) -> None:
    """After it the stream has ended."""
    install("first", Fault("before_audio"))

    with Speaker("first") as speaker, speaker.stream("One.") as stream:
        listen_until_error(stream)

        assert [] == list(stream)


def test_the_callers_mistake_is_said_at_once(install: InstallEngine) -> None:
    """Not when the first audio is asked for."""
    install("first")

    with Speaker("first") as speaker, pytest.raises(InvalidRequestError, match="speed must be"):
        speaker.stream("One.", speed=99.0)


def test_closed_speaker_streams_no_more(install: InstallEngine) -> None:
    """Streaming after closing is a mistake with a name."""
    install("first")
    speaker = Speaker("first")
    speaker.close()

    with pytest.raises(ClosedError):
        speaker.stream("One.")


def test_closing_the_speaker_ends_its_streams(install: InstallEngine) -> None:
    """The listener is told, and does not wait for ever."""
    install("first", Fault("after_audio", kind="hang", after=0.5), seconds=1.0)
    speaker = Speaker("first")

    with speaker.stream("One.") as stream:
        next(stream)
        speaker.close()
        _chunks, error = listen_until_error(stream)

    assert isinstance(error, RequestCancelledError)


def test_slow_listener_lets_the_engine_be_one_segment_ahead(install: InstallEngine) -> None:
    """While a segment is being heard the next one is made, and no other."""
    engine = install("first")
    ahead: list[int] = []

    with Speaker("first") as speaker, speaker.stream(TEXT) as stream:
        for chunk in stream:
            Event().wait(0.05)  # the engine needs much less for a segment
            ahead.append(len(engine.requests) - 1 - chunk.segment)

    assert max(ahead) <= 1


def test_guarantee_7_a_slow_listener_never_looks_like_a_stall(install: InstallEngine) -> None:
    """Guarantee 7, fair health: the listener's pauses are not the engine's."""
    install("first", seconds=1.0)
    policy = Policy(stall_seconds=0.3, attempt_seconds=0.5)
    observer = RecordingObserver()

    with (
        Speaker("first", policy=policy, on_event=observer) as speaker,
        speaker.stream("One. Two.") as stream,
    ):
        for count, _chunk in enumerate(stream):
            if count in (1, 2):
                Event().wait(0.4)

    assert ("complete", []) == (stream.speech.status, observer.of(AttemptFailed))


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize("kind", ["raise", "hang", "nan", "wrong_rate", "stereo"])
def test_failure_within_the_hold_back_costs_nothing(
    install: InstallEngine, kind: Any, is_async: bool
) -> None:
    """Nobody has heard of it: the next engine speaks the whole segment, once."""
    fault = Fault("after_audio", kind=kind, after=0.2, text=SENTENCES[1])
    install("first", fault, is_async=is_async, seconds=1.0)
    install("second")
    policy = Policy(stall_seconds=0.2)

    with Speaker("first,second", policy=policy) as speaker, speaker.stream(TEXT) as stream:
        chunks = list(stream)

    assert [(sentence, True) for sentence in SENTENCES] == heard(chunks, SENTENCES)
    assert ("complete", True) == (stream.speech.status, stream.speech.degraded)
    assert ["first"] + ["second"] * 4 == [s.engine for s in stream.speech.segments]


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize(
    ("after", "spoken", "rest"),
    [(0.5, "alpha beta", "gamma delta epsilon"), (0.6, "alpha beta gamma", "delta epsilon")],
    ids=["within a word", "between words"],
)
def test_broken_segment_is_resumed_at_the_first_word_not_begun(
    install: InstallEngine, after: float, spoken: str, rest: str, is_async: bool
) -> None:
    """Word timings tell where it broke off; the next engine takes up there, and nothing repeats."""
    install("first", Fault("after_audio", after=after), is_async=is_async, seconds=1.0)
    second = install("second")
    observer = RecordingObserver()

    with (
        Speaker("first,second", on_event=observer) as speaker,
        speaker.stream(WORDS) as stream,
    ):
        chunks = list(stream)

    broken, resumed = stream.speech.segments
    assert [rest] == [request.text for request in second.requests]
    assert [(WORDS, False), (rest, True)] == heard(chunks, [WORDS, rest])
    assert ("partial", {0}) == (stream.speech.status, {chunk.segment for chunk in chunks})
    assert (spoken, False, "first") == (broken.text, broken.complete, broken.engine)
    assert (rest, True, "second") == (resumed.text, resumed.complete, resumed.engine)
    assert [True] == [event.resumed for event in observer.of(SegmentBroken)]


def test_words_of_a_resumed_segment_are_heard_once_and_in_order(install: InstallEngine) -> None:
    """The timeline goes on where the first engine stopped."""
    install("first", Fault("after_audio", after=0.5), seconds=1.0)
    install("second", sample_rate=48_000)

    with Speaker("first,second") as speaker, speaker.stream(WORDS) as stream:
        list(stream)

    broken, resumed = stream.speech.segments
    words = [*broken.words, *resumed.words]
    assert WORDS.split() == [word.text for word in words]
    assert sorted(words, key=lambda word: word.start) == words
    assert pytest.approx(0.4) == broken.words[-1].end == broken.end == resumed.words[0].start


def test_each_piece_carries_its_own_attempts(install: InstallEngine) -> None:
    """The failure belongs to what broke off, the success to what was resumed."""
    install("first", Fault("after_audio", after=0.6), seconds=1.0)
    install("second")

    with Speaker("first,second") as speaker, speaker.stream(WORDS) as stream:
        list(stream)

    assert [[("first", "RuntimeError")], [("second", "")]] == [
        [(attempt.engine, attempt.error) for attempt in segment.attempts]
        for segment in stream.speech.segments
    ]


def test_segment_may_break_off_twice(install: InstallEngine) -> None:
    """Each engine takes up where the one before it stopped."""
    install("first", Fault("after_audio", after=0.5), seconds=1.0)
    install("second", Fault("after_audio", after=0.5), seconds=0.9)
    third = install("third")

    with Speaker("first,second,third") as speaker, speaker.stream(WORDS) as stream:
        list(stream)

    assert ["alpha beta", "gamma", "delta epsilon"] == [s.text for s in stream.speech.segments]
    assert ["delta epsilon"] == [request.text for request in third.requests]


def test_nothing_is_resumed_where_no_word_is_left(install: InstallEngine) -> None:
    """A failure after the last word leaves nothing for another engine, and is told all the same."""
    install("first", Fault("after_audio", after=1.0), seconds=1.0)
    second = install("second")

    with Speaker("first,second") as speaker, speaker.stream(WORDS) as stream:
        list(stream)

    assert [] == second.requests
    assert [(WORDS, False)] == [(s.text, s.complete) for s in stream.speech.segments]


def test_without_word_timings_the_next_segment_is_next(
    install: InstallEngine, wordless: str
) -> None:
    """Nobody knows where it broke off, so the rest is lost, and the result says so."""
    install("first", Fault("after_audio", after=0.6, text=f"{WORDS}."), seconds=1.0)
    install("second")
    observer = RecordingObserver()

    with (
        Speaker("first,second", extensions=[wordless], on_event=observer) as speaker,
        speaker.stream(f"{WORDS}. One.") as stream,
    ):
        chunks = list(stream)

    assert [(f"{WORDS}.", False), ("One.", True)] == heard(chunks, [f"{WORDS}.", "One."])
    assert [False, True] == [segment.complete for segment in stream.speech.segments]
    assert "partial" == stream.speech.status
    assert [False] == [event.resumed for event in observer.of(SegmentBroken)]


@pytest.mark.parametrize("extensions", [[], ["wordless"]], ids=["words", "no words"])
@pytest.mark.parametrize("rate", [22_050, 24_000])
@pytest.mark.usefixtures("wordless")
def test_break_makes_no_click(install: InstallEngine, extensions: list[str], rate: int) -> None:
    """The audio fades out before the cut: the step there is small."""
    install("first", Fault("after_audio", after=0.55), seconds=1.0, sample_rate=rate)
    install("second")

    with (
        Speaker("first,second", extensions=extensions) as speaker,
        speaker.stream(f"{WORDS}. One.") as stream,
    ):
        list(stream)

    speech = stream.speech
    cut = round(speech.segments[0].end * speech.sample_rate)
    around = speech.samples[cut - 3 : cut + 1]
    assert np.abs(speech.samples[cut - 480 : cut - 240]).max() > 0.1
    assert np.abs(np.diff(around)).max() < 0.01


def test_hold_back_may_be_nothing(install: InstallEngine) -> None:
    """`hold_back_seconds=0` gives out what comes at once, and still speaks all of it."""
    install("first")
    policy = Policy(hold_back_seconds=0.0)

    with Speaker("first", policy=policy) as speaker, speaker.stream(TEXT) as stream:
        chunks = list(stream)

    assert [(sentence, True) for sentence in SENTENCES] == heard(chunks, SENTENCES)


def test_skip_leaves_silence_where_nobody_could_speak(install: InstallEngine) -> None:
    """The stream goes on, and neither status nor event hides what is missing."""
    for name in ("first", "second"):
        install(name, Fault("before_audio", text=SENTENCES[1]))
    observer = RecordingObserver()
    policy = Policy(on_failure="skip")

    with (
        Speaker("first,second", policy=policy, on_event=observer) as speaker,
        speaker.stream(TEXT) as stream,
    ):
        chunks = list(stream)

    skipped = stream.speech.segments[1]
    (event,) = observer.of(SegmentSkipped)
    assert [(s, True) for s in SENTENCES if s != SENTENCES[1]] == heard(chunks, SENTENCES)
    assert ("partial", "", False) == (stream.speech.status, skipped.engine, skipped.complete)
    assert (SENTENCES[1], 2) == (skipped.text, len(skipped.attempts))
    assert pytest.approx(skipped.end - skipped.start) == event.duration
    assert event.duration > 0.3


def test_skip_leaves_out_only_the_rest_of_a_broken_segment(install: InstallEngine) -> None:
    """What was heard of it stays, and silence stands for what is missing."""
    install("first", Fault("after_audio", after=0.6, text=WORDS), seconds=1.0)
    policy = Policy(on_failure="skip")

    with Speaker("first", policy=policy) as speaker, speaker.stream(WORDS) as stream:
        list(stream)

    assert [("alpha beta gamma", "first"), ("delta epsilon", "")] == [
        (segment.text, segment.engine) for segment in stream.speech.segments
    ]


@pytest.mark.parametrize(
    ("switch_back", "engines"),
    [
        ("paragraph", "first second second first first"),
        ("segment", "first second first first first"),
        ("never", "first second second second second"),
    ],
)
def test_switch_back_decides_how_long_a_stand_in_stays(
    install: InstallEngine, switch_back: Any, engines: str
) -> None:
    """With the next paragraph, with the next segment, or for good."""
    install("first", Fault("before_audio", text=SENTENCES[1]))
    install("second")
    text = f"{' '.join(SENTENCES[:3])}\n\n{' '.join(SENTENCES[3:])}"
    policy = Policy(switch_back=switch_back)

    with Speaker("first,second", policy=policy) as speaker, speaker.stream(text) as stream:
        list(stream)

    assert engines.split() == [segment.engine for segment in stream.speech.segments]


def test_next_paragraph_begins_with_the_first_healthy_engine(install: InstallEngine) -> None:
    """An engine whose circuit is open is not tried again only because a paragraph begins."""
    first = install("first", Fault("before_audio"))
    install("second")
    policy = Policy(counted_failures=1, open_seconds=FOREVER)

    with (
        Speaker("first,second", policy=policy) as speaker,
        speaker.stream("\n\n".join(SENTENCES)) as stream,
    ):
        list(stream)

    assert (1, ("second",)) == (first.called("synthesize"), stream.speech.engines)


class Listener:
    """An engine that notes what it is told of its listener, and speaks a second at a time."""

    utterly_api = 1

    def __init__(self) -> None:
        self.awaited: list[bool] = []

    @hookimpl
    def describe(self) -> EngineInfo:
        """State the facts."""
        return EngineInfo("Listener", "local", ("en",), 24_000)

    @hookimpl
    def synthesize(self, context: Context) -> Iterator[Audio]:
        """Speak for a second and a half, sentence or not."""
        self.awaited.append(context.awaited)
        yield Audio(np.full(36_000, 0.1, np.float32), 24_000)


def test_engine_knows_whether_somebody_waits() -> None:
    """Until three seconds have been spoken; in a file nobody waits for any part of it."""
    with register_engine(Listener(), "listener") as engine, Speaker("listener") as speaker:
        list(speaker.stream(TEXT))
        speaker.say(SENTENCES[0])

    assert [True, True, False, False, False, False] == engine.awaited
