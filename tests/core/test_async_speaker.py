"""Tests of `AsyncSpeaker` and its streams: the same verbs on asyncio, where cancelling is real."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any, TypeVar

import numpy as np
import pytest

from utterly import (
    AllEnginesFailedError,
    AsyncSpeaker,
    AsyncSpeechStream,
    AudioChunk,
    ClosedError,
    EngineError,
    InvalidRequestError,
    Policy,
    RequestCancelledError,
)
from utterly.async_speaker import MOST_AT_ONCE
from utterly.events import AttemptFailed, EngineLoaded, Event, RequestEnded
from utterly.testing import Fault, RecordingObserver, ScriptedEngine, hear

InstallEngine = Callable[..., ScriptedEngine]
Result = TypeVar("Result")

SENTENCES = [f"Sentence {number}." for number in ("one", "two", "three", "four", "five")]
TEXT = " ".join(SENTENCES)
EVERYTHING = [(sentence, True) for sentence in SENTENCES]
FOREVER = 10.0
"""Seconds that only a test that fails waits for."""

BOTH_KINDS = pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])


def run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a program on asyncio; complaints of its event loop are failures.

    Among them are exceptions that were never retrieved and tasks that were destroyed while pending.
    """
    complaints: list[str] = []

    async def watch() -> Result:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context["message"]))
        return await work()

    result = asyncio.run(watch())
    gc.collect()

    assert [] == complaints
    return result


def heard(chunks: Iterable[AudioChunk]) -> list[tuple[str | None, bool]]:
    """What a listener understands: each coded tone, and whether it was whole."""
    samples = np.concatenate([np.zeros(0, np.float32), *(chunk.samples for chunk in chunks)])
    return [(tone.text, tone.complete) for tone in hear(samples, 24_000, SENTENCES)]


async def listen(stream: AsyncSpeechStream, chunks: list[AudioChunk]) -> None:
    """Keep all that can be heard, also where it ends in an error."""
    async for chunk in stream:
        chunks.append(chunk)  # noqa: PERF401  # a comprehension would lose them with the error


async def until(condition: Callable[[], object], seconds: float = FOREVER) -> None:
    """Wait until something has come to be, as it must within a time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # it is of other threads
            await asyncio.sleep(0.005)


@BOTH_KINDS
def test_say_speaks_everything(install: InstallEngine, is_async: bool) -> None:
    """Awaiting gives what `Speaker.say` returns."""
    install("first", Fault("before_audio", text=SENTENCES[1]), is_async=is_async)
    install("second")

    async def work() -> Any:
        async with AsyncSpeaker("first,second") as speaker:
            return await speaker.say(TEXT, speed=1.2)

    speech = run(work)
    assert EVERYTHING == [(t.text, t.complete) for t in hear(speech.samples, 24_000, SENTENCES)]
    assert ("complete", ("first", "second")) == (speech.status, speech.engines)


def test_event_loop_goes_on_while_an_engine_works(install: InstallEngine) -> None:
    """An engine that blocks its thread blocks nobody else."""
    engine = install("first", Fault("before_audio", kind="hang"))

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker:
            speaking = asyncio.create_task(speaker.say("One."))
            await until(lambda: engine.speaking)
            engine.release()
            return await speaking

    assert "complete" == run(work).status


def test_prepare_loads_and_voices_lists(install: InstallEngine) -> None:
    """The other verbs are there too."""
    engine = install("first")

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker:
            await speaker.prepare()
            loaded = engine.loaded
            return loaded, [voice.reference for voice in await speaker.voices("first")]

    assert (1, ["first:first", "first:second"]) == run(work)


def test_errors_are_those_of_the_blocking_speaker(install: InstallEngine) -> None:
    """Whichever verb fails, and wherever, its error comes out where it is awaited."""
    install("first", Fault("load"), Fault("voices"))

    async def work() -> list[type[Any]]:
        async with AsyncSpeaker("first") as speaker:
            outcomes = await asyncio.gather(
                speaker.say("One."),
                speaker.say("One.", speed=99.0),
                speaker.prepare(),
                speaker.voices("first"),
                return_exceptions=True,
            )
        return [type(outcome) for outcome in outcomes]

    failed, mistaken, *others = run(work)
    assert (AllEnginesFailedError, InvalidRequestError) == (failed, mistaken)
    assert all(issubclass(other, EngineError) for other in others)


@BOTH_KINDS
def test_cancelling_a_task_stops_its_engine(install: InstallEngine, is_async: bool) -> None:
    """An async engine's task is cancelled, a blocking one stops at its next item."""
    engine = install("first", Fault("before_audio", kind="hang"), is_async=is_async)
    observer = RecordingObserver()

    async def work() -> None:
        async with AsyncSpeaker("first", on_event=observer) as speaker:
            speaking = asyncio.create_task(speaker.say("One."))
            await until(lambda: engine.speaking)
            speaking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await speaking
            await until(lambda: not engine.speaking, 2.0)

    run(work)
    assert ["failed"] == [event.status for event in observer.of(RequestEnded)]
    assert [] == observer.of(AttemptFailed)


def test_cancelling_does_not_wait_for_an_engine_that_will_not_stop(install: InstallEngine) -> None:
    """Two seconds are enough for those who listen."""
    engine = install("first", Fault("before_audio", kind="hang", stubborn=True))

    async def work() -> float:
        async with AsyncSpeaker("first") as speaker:
            speaking = asyncio.create_task(speaker.say("One."))
            await until(lambda: engine.speaking)
            began = monotonic()
            speaking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await speaking
            seconds = monotonic() - began
            engine.release()
            return seconds

    assert run(work) < 4.0


def test_cancelling_one_of_two_leaves_the_other_alone(install: InstallEngine) -> None:
    """Two tasks share the loading of a model; it goes on for the one that stays."""
    engine = install("first", Fault("load", kind="hang"))

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker:
            tasks = [asyncio.create_task(speaker.say("One.")) for _ in range(2)]
            await until(lambda: engine.called("load"))
            tasks[0].cancel()
            await asyncio.wait(tasks[:1])
            engine.release()
            return (await tasks[1]).status

    assert "complete" == run(work)


@BOTH_KINDS
def test_timeouts_of_asyncio_work(install: InstallEngine, is_async: bool) -> None:
    """`asyncio.timeout()` ends the waiting, and the speaking with it."""
    engine = install("first", Fault("before_audio", kind="hang"), is_async=is_async)

    async def work() -> None:
        async with AsyncSpeaker("first") as speaker:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await speaker.say("One.")
            await until(lambda: not engine.speaking, 2.0)

    run(work)


def test_speaker_speaks_on_after_a_cancellation(install: InstallEngine) -> None:
    """Neither health nor a turn was lost with the request that was given up."""
    engine = install("first", Fault("before_audio", kind="hang"))

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker:
            tasks = [asyncio.create_task(speaker.say("One.")) for _ in range(MOST_AT_ONCE + 1)]
            await until(lambda: engine.speaking)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            engine.release()
            return await speaker.say(TEXT)

    assert ("complete", False) == ((speech := run(work)).status, speech.degraded)


def test_five_hundred_at_once_need_few_threads(install: InstallEngine) -> None:
    """Who waits for a turn waits without a thread."""
    install("first", concurrency=4, seconds=0.13)
    most = 0

    def count_threads(_event: Event) -> None:
        nonlocal most
        most = max(most, threading.active_count())

    async def work() -> list[Any]:
        async with AsyncSpeaker("first", on_event=count_threads) as speaker:
            return await asyncio.gather(*(speaker.say("One.") for _ in range(500)))

    before = threading.active_count()
    speeches = run(work)

    assert ["complete"] * 500 == [speech.status for speech in speeches]
    # One for each request at work, one for each call of the engine, and its loading and watching.
    assert most - before <= MOST_AT_ONCE + 4 + 4


def test_closing_cancels_what_is_running(install: InstallEngine) -> None:
    """Whoever waits is told, and so is who had not begun."""
    engine = install("first", Fault("before_audio", kind="hang"))

    async def work() -> list[Any]:
        speaker = AsyncSpeaker("first")
        tasks = [asyncio.create_task(speaker.say("One.")) for _ in range(MOST_AT_ONCE + 1)]
        await until(lambda: engine.speaking)
        await speaker.close()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = run(work)
    assert {RequestCancelledError, ClosedError} >= {type(outcome) for outcome in outcomes}
    assert (0, 0) == (engine.loaded, engine.speaking)


def test_leaving_the_block_gives_the_model_back(install: InstallEngine) -> None:
    """What was loaded is gone when the block ends."""
    engine = install("first", is_async=True)

    async def work() -> tuple[int, int]:
        async with AsyncSpeaker("first", unload="never") as speaker:
            await speaker.say("One.")
            before = engine.loaded
        return before, engine.loaded

    assert (1, 0) == run(work)


@BOTH_KINDS
def test_stream_is_heard_whole_and_in_order(install: InstallEngine, is_async: bool) -> None:
    """The same audio as in a blocking program, and the same speech afterwards."""
    install("first", sample_rate=22_050, is_async=is_async)

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker, speaker.stream(TEXT) as stream:
            return [chunk async for chunk in stream], stream.speech

    chunks, speech = run(work)
    assert (EVERYTHING, "complete") == (heard(chunks), speech.status)
    np.testing.assert_array_equal(speech.samples, np.concatenate([c.samples for c in chunks]))


def test_stream_without_a_block_ends_by_itself(install: InstallEngine) -> None:
    """Who listens to the end need not close anything."""
    install("first")

    async def work() -> list[AudioChunk]:
        async with AsyncSpeaker("first") as speaker:
            return [chunk async for chunk in speaker.stream(TEXT)]

    assert EVERYTHING == heard(run(work))


def test_text_may_come_from_an_async_generator(install: InstallEngine) -> None:
    """It is read on the caller's own loop, and the first audio does not wait for its end."""
    install("first")

    async def work() -> list[AudioChunk]:
        loop, listening = asyncio.get_running_loop(), asyncio.Event()

        async def tokens() -> AsyncIterator[str]:
            yield "Sentence one. Sentence"
            assert loop is asyncio.get_running_loop()
            async with asyncio.timeout(FOREVER):
                await listening.wait()
            yield " two."

        async with AsyncSpeaker("first") as speaker, speaker.stream(tokens()) as stream:
            chunks = [await anext(stream)]
            listening.set()
            return chunks + [chunk async for chunk in stream]

    assert EVERYTHING[:2] == heard(run(work))


def test_text_may_come_from_an_iterable(install: InstallEngine) -> None:
    """Pieces that are there already need no event loop."""
    install("first")

    async def work() -> list[AudioChunk]:
        async with AsyncSpeaker("first") as speaker, speaker.stream(iter(TEXT)) as stream:
            return [chunk async for chunk in stream]

    assert EVERYTHING == heard(run(work))


def test_error_in_the_text_reaches_the_listener(install: InstallEngine) -> None:
    """After the audio that came before, and without a word against any engine."""
    install("first")
    observer = RecordingObserver()

    async def tokens() -> AsyncIterator[str]:
        yield "Sentence one. Sentence"
        raise ConnectionResetError("the model went away")

    async def work() -> list[AudioChunk]:
        chunks: list[AudioChunk] = []
        async with AsyncSpeaker("first", on_event=observer) as speaker:
            with pytest.raises(ConnectionResetError):
                await listen(speaker.stream(tokens()), chunks)
        return chunks

    assert [("Sentence one.", True)] == heard(run(work))
    assert [] == observer.of(AttemptFailed)


def test_error_of_all_engines_reaches_the_listener(install: InstallEngine) -> None:
    """After the audio that came before; a source that goes on talking is no longer read."""
    install("first", Fault("before_audio", text=SENTENCES[2]))

    async def tokens() -> AsyncIterator[str]:
        yield TEXT
        await asyncio.Event().wait()

    async def work() -> list[AudioChunk]:
        chunks: list[AudioChunk] = []
        async with AsyncSpeaker("first") as speaker:
            with pytest.raises(AllEnginesFailedError):
                await listen(speaker.stream(tokens()), chunks)
            await until(lambda: len(asyncio.all_tasks()) == 1, 2.0)
        return chunks

    assert EVERYTHING[:2] == heard(run(work))


@BOTH_KINDS
def test_leaving_early_stops_everything(install: InstallEngine, is_async: bool) -> None:
    """Neither the engine nor the source of the text goes on when nobody listens."""
    engine = install("first", is_async=is_async)
    observer = RecordingObserver()
    closed: list[bool] = []

    async def tokens() -> AsyncIterator[str]:
        try:
            yield TEXT
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    async def work() -> int:
        async with AsyncSpeaker("first", on_event=observer) as speaker:
            async with speaker.stream(tokens()) as stream:
                await anext(stream)
            await until(lambda: closed and not engine.speaking, 2.0)
            await until(lambda: len(asyncio.all_tasks()) == 1, 2.0)
            return len(observer.of(RequestEnded))

    assert 1 == run(work)
    assert len(engine.requests) < len(SENTENCES)


def test_cancelling_a_listener_stops_the_stream(install: InstallEngine) -> None:
    """A web request that is given up costs no more speaking."""
    engine = install("first", Fault("after_audio", kind="hang", after=0.5), seconds=1.0)
    observer = RecordingObserver()

    async def work() -> None:
        async with AsyncSpeaker("first", on_event=observer) as speaker:

            async def serve() -> None:
                async with speaker.stream("One.") as stream:
                    await listen(stream, [])

            listening = asyncio.create_task(serve())
            await until(lambda: engine.speaking)
            listening.cancel()
            with pytest.raises(asyncio.CancelledError):
                await listening
            await until(lambda: not engine.speaking and observer.of(RequestEnded), 2.0)

    run(work)


def test_stream_that_was_never_heard_costs_no_turn(install: InstallEngine) -> None:
    """Any number of streams may be made; each begins when somebody listens."""
    install("first")

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker:
            _streams = [speaker.stream("One.") for _ in range(2 * MOST_AT_ONCE)]
            async with asyncio.timeout(FOREVER):
                return await speaker.say("One.")

    assert "complete" == run(work).status


def test_slow_listeners_leave_turns_to_others(install: InstallEngine) -> None:
    """Somebody who pauses in a stream does not keep everybody else from speaking."""
    install("first")

    async def work() -> Any:
        async with AsyncSpeaker("first") as speaker, AsyncExitStack() as stack:
            for _ in range(MOST_AT_ONCE):
                stream = await stack.enter_async_context(speaker.stream(TEXT))
                await anext(stream)
            async with asyncio.timeout(2.0):
                return await speaker.say("One.")

    assert "complete" == run(work).status


def test_speaker_may_be_used_from_one_program_after_the_other(install: InstallEngine) -> None:
    """It is bound to no event loop: `asyncio.run()` may be called again."""
    install("first")
    speaker = AsyncSpeaker("first")

    async def work() -> list[Any]:
        says = (speaker.say("One.") for _ in range(2 * MOST_AT_ONCE))
        return await asyncio.gather(*says)

    statuses = {speech.status for _ in range(2) for speech in run(work)}
    run(speaker.close)

    assert {"complete"} == statuses


def test_stream_may_be_closed_again(install: InstallEngine) -> None:
    """Closing what is closed does nothing, and no more audio comes."""
    install("first")

    async def work() -> list[AudioChunk]:
        async with AsyncSpeaker("first") as speaker, speaker.stream(TEXT) as stream:
            await anext(stream)
            await stream.close()
            await stream.close()
            return [chunk async for chunk in stream]

    assert [] == run(work)


def test_model_is_loaded_once_for_all_tasks(install: InstallEngine) -> None:
    """Tasks share it like threads do."""
    engine = install("first")
    observer = RecordingObserver()

    async def work() -> None:
        async with AsyncSpeaker("first", on_event=observer) as speaker:
            await asyncio.gather(*(speaker.say("One.") for _ in range(10)))

    run(work)
    assert (1, 1, []) == (engine.loads, len(observer.of(EngineLoaded)), engine.misuses)


def test_hung_first_choice_costs_its_deadline(install: InstallEngine) -> None:
    """The next engine speaks for the listener who waits on asyncio too."""
    install("first", Fault("after_audio", kind="hang", after=0.1), is_async=True)
    install("second")
    policy = Policy(stall_seconds=0.2)

    async def work() -> list[AudioChunk]:
        async with AsyncSpeaker("first,second", policy=policy) as speaker:
            return [chunk async for chunk in speaker.stream(TEXT)]

    assert EVERYTHING == heard(run(work))
