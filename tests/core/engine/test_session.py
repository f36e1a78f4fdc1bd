"""What a session does about an engine that takes too long, or does not stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Timer
from time import monotonic
from typing import Any

import pytest

import utterly.engine.unresponsive
from utterly import (
    AllEnginesFailedError,
    Audio,
    Context,
    EngineInfo,
    Policy,
    Speaker,
    SpeechRequest,
    Voice,
    hookimpl,
)
from utterly.events import EngineUnresponsive
from utterly.speech import Attempt
from utterly.testing import Fault, RecordingObserver, ScriptedEngine, register_engine, tone

InstallEngine = Callable[..., ScriptedEngine]

SOON = 0.05
STUBBORN = Fault("before_audio", kind="hang", stubborn=True)


@contextmanager
def released_after(engine: ScriptedEngine, seconds: float) -> Iterator[None]:
    """End the engine's hangs after a while, so that a test that fails does end."""
    timer = Timer(seconds, engine.release)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def fail_to_say(speaker: Speaker, text: str = "A.") -> Attempt:
    """Speak, which fails; the first attempt."""
    with pytest.raises(AllEnginesFailedError) as caught:
        speaker.say(text)
    return caught.value.attempts[0]


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize(
    ("fault", "stage", "policy"),
    [
        (Fault("voices", kind="hang"), "ensure_model", Policy(prepare_seconds=SOON)),
        (Fault("ensure_model", kind="hang"), "ensure_model", Policy(prepare_seconds=SOON)),
        (Fault("load", kind="hang"), "load", Policy(load_seconds=SOON)),
        (STUBBORN, "first_audio", Policy(first_audio_local_seconds=SOON)),
        (Fault("after_audio", kind="hang", after=0.1), "streaming", Policy(stall_seconds=SOON)),
        (
            Fault("after_audio", kind="hang", after=0.1),
            "streaming",
            Policy(first_audio_local_seconds=SOON, attempt_seconds=SOON),
        ),
    ],
    ids=["voices", "ensure_model", "load", "first_audio", "stall", "attempt"],
)
def test_hung_engine_is_given_up_when_its_time_is_up(
    install: InstallEngine, fault: Fault, stage: str, policy: Policy, is_async: bool
) -> None:
    """Each stage has its own deadline, and the attempt names the stage."""
    engine = install("first", fault, is_async=is_async)
    with released_after(engine, 2.0), Speaker("first", policy=policy) as speaker:
        attempt = fail_to_say(speaker)
        engine.release()

    assert ("StageTimeoutError", stage) == (attempt.error, attempt.stage)


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
def test_engine_that_does_not_stop_stays_busy(install: InstallEngine, is_async: bool) -> None:
    """It is never called a second time beside itself; whoever comes next waits in the queue."""
    engine = install("first", STUBBORN, concurrency=1, is_async=is_async)
    policy = Policy(first_audio_local_seconds=SOON, queue_seconds=SOON)
    with released_after(engine, 2.0), Speaker("first", policy=policy) as speaker:
        stages = [fail_to_say(speaker).stage for _time in range(2)]
        engine.release()

    assert (["first_audio", "queue"], 1) == (stages, len(engine.requests))


def test_engine_that_does_not_stop_is_listed_until_it_does(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event tells of it, and another one of its end."""
    monkeypatch.setattr(utterly.engine.unresponsive, "GRACE_SECONDS", 0.01)
    engine, observer = install("first", STUBBORN), RecordingObserver()
    policy = Policy(first_audio_local_seconds=SOON)
    with Speaker("first", policy=policy, on_event=observer) as speaker:
        fail_to_say(speaker)
        while_hung = observer.wait_for(EngineUnresponsive, timeout=5).calls
        engine.release()

    while len(observer.of(EngineUnresponsive)) < 2:
        pass
    assert [1, 0] == [while_hung, observer.of(EngineUnresponsive)[-1].calls]


@pytest.mark.parametrize("at", ["voices", "ensure_model", "load"])
def test_hook_that_does_not_stop_is_not_called_again(install: InstallEngine, at: Any) -> None:
    """One call that hangs is enough; the next request gives up on the same one."""
    engine = install("first", Fault(at, kind="hang", stubborn=True))
    policy = Policy(prepare_seconds=SOON, load_seconds=SOON)
    with released_after(engine, 2.0), Speaker("first", policy=policy) as speaker:
        errors = [fail_to_say(speaker).error]
        Event().wait(SOON)  # time enough for a call that would be taken for over
        errors += [fail_to_say(speaker).error]
        engine.release()

    assert (["StageTimeoutError"] * 2, 1) == (errors, engine.called(at))


@pytest.mark.parametrize("at", ["load", "before_audio"])
def test_failure_costs_no_turn(install: InstallEngine, at: Any) -> None:
    """Whatever failed, the engine's one turn is free for the next segment."""
    install("first", Fault(at, times=1), concurrency=1)
    with Speaker("first", policy=Policy(queue_seconds=SOON)) as speaker:
        fail_to_say(speaker)

        assert "complete" == speaker.say("A.").status


class Punctual:
    """An engine that notes the time it is given for each hook."""

    utterly_api = 1

    def __init__(self) -> None:
        self.seconds: dict[str, float | None] = {}

    def note(self, hook: str, context: Context) -> None:
        """Seconds from now on."""
        self.seconds[hook] = None if context.deadline is None else context.deadline - monotonic()

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts."""
        return EngineInfo("Punctual", "local", ("en",), 24_000)

    @hookimpl
    def voices(self, context: Context) -> tuple[Voice, ...]:
        """One."""
        self.note("voices", context)
        return (Voice("first", ("en",)),)

    @hookimpl
    def ensure_model(self, context: Context) -> None:
        """None."""
        self.note("ensure_model", context)

    @hookimpl
    def load(self, context: Context) -> None:
        """None."""
        self.note("load", context)

    @hookimpl
    def synthesize(self, request: SpeechRequest, context: Context) -> Iterator[Audio]:
        """A tone."""
        self.note("synthesize", context)
        yield Audio(tone(request.text, sample_rate=24_000), 24_000)


def test_hooks_know_when_they_are_given_up() -> None:
    """So that an engine can set its own timeouts; preparing has as long as it makes progress."""
    engine = Punctual()
    policy = Policy(prepare_seconds=100.0, load_seconds=200.0, attempt_seconds=300.0)

    with register_engine(engine, "first"), Speaker("first", policy=policy) as speaker:
        speaker.say("One.")

    assert None is engine.seconds.pop("ensure_model")
    expected = {"voices": 100.0, "load": 200.0, "synthesize": 300.0}
    assert expected == pytest.approx(engine.seconds, abs=30.0)
