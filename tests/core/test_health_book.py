"""The health of all engines: one trial at a time, voices apart, shared by the whole process."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from utterly import Policy, Speaker
from utterly.errors import (
    EngineError,
    EngineUnavailableError,
    OutOfMemoryError,
    StageTimeoutError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.health import Health
from utterly.health_book import HealthBook, HealthKey
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

ENGINE: HealthKey = ("first",)
VOICE: HealthKey = ("first", "anna")
DEATH = OutOfMemoryError("full")
LONGEST = Policy().longest_open_seconds * 1.25


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@dataclass(frozen=True)
class PaidSettings:
    """Two accounts of one engine."""

    key: str = "mine"


@pytest.fixture
def clock() -> Clock:
    """Time that passes when told."""
    return Clock()


@pytest.fixture
def book(clock: Clock) -> HealthBook:
    """A book without jitter."""
    return HealthBook(clock, lambda: 0.5)


def fail(book: HealthBook, error: EngineError = DEATH, key: HealthKey = ENGINE) -> None:
    """Report a failure under the default policy."""
    book.fail(key, error, Policy())


def test_unknown_engine_is_healthy(book: HealthBook) -> None:
    """Nobody has to prove himself first."""
    assert ("healthy", True) == (book.enter(ENGINE), book.is_healthy(ENGINE))


def test_open_circuit_refuses(book: HealthBook) -> None:
    """An engine that is ill costs nothing."""
    fail(book)

    assert ("refused", False) == (book.enter(ENGINE), book.is_healthy(ENGINE))


def test_trial_when_the_time_is_up(book: HealthBook, clock: Clock) -> None:
    """After its time an engine may show that it is well again."""
    fail(book)
    clock.now = 5.0

    assert ("half_open", "trial") == (book.state(ENGINE), book.enter(ENGINE))


def test_only_one_gets_the_trial(book: HealthBook, clock: Clock) -> None:
    """Not everybody's segment is put at risk at once."""
    fail(book)
    clock.now = 5.0

    assert ["trial", "refused", "refused"] == [book.enter(ENGINE) for _ in range(3)]


def test_only_one_of_many_threads_gets_the_trial(book: HealthBook, clock: Clock) -> None:
    """However many requests ask at the same moment."""
    fail(book)
    clock.now = 5.0
    barrier, admissions = Barrier(16), list[str]()

    def enter() -> None:
        barrier.wait(60)
        admissions.append(book.enter(ENGINE))

    threads = [Thread(target=enter) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert ["refused"] * 15 + ["trial"] == sorted(admissions)


@pytest.mark.parametrize(
    ("report", "admission"),
    [
        (lambda book: book.succeed(ENGINE), "healthy"),
        (lambda book: book.leave(ENGINE), "trial"),
        (lambda book: book.fail(ENGINE, DEATH, Policy()), "refused"),
        (lambda book: book.fail(ENGINE, UnsupportedError("x"), Policy()), "trial"),
        (lambda book: book.fail(ENGINE, StageTimeoutError("x", stage="queue"), Policy()), "trial"),
    ],
    ids=["spoke", "left", "failed", "unsupported", "queue"],
)
def test_trial_ends_with_its_report(
    book: HealthBook, clock: Clock, report: Callable[[HealthBook], Any], admission: str
) -> None:
    """Whatever came of it, the next one is not shut out for ever."""
    fail(book)
    clock.now = 5.0
    book.enter(ENGINE)
    report(book)

    assert admission == book.enter(ENGINE)


def test_leaving_without_a_trial_changes_nothing(book: HealthBook) -> None:
    """An attempt that was cancelled says nothing about a healthy or an ill engine."""
    fail(book)
    change = book.leave(ENGINE)

    assert change.before == change.after


def test_disabled_engine_is_refused_until_it_speaks(book: HealthBook, clock: Clock) -> None:
    """Time alone does not bring a missing key."""
    fail(book, EngineUnavailableError("no key", mend="set one"))
    clock.now = 1e9

    assert ("refused", "set one") == (book.enter(ENGINE), book.look(ENGINE).mend)


def test_fault_of_one_voice_is_not_the_engines(book: HealthBook) -> None:
    """A voice that cannot be had is left alone; the others speak on."""
    book.fail_voice(VOICE, UnsupportedError("gone"), Policy())

    assert ("open", "closed") == (book.state(VOICE), book.state(ENGINE))


def test_fault_of_the_engine_is_not_a_voices(book: HealthBook) -> None:
    """What is kept with a voice is about that voice alone."""
    fail(book)

    assert "closed" == book.state(VOICE)


def test_voice_is_left_alone_again_when_it_fails_again(book: HealthBook, clock: Clock) -> None:
    """A voice that is still missing after its time is not asked for with every segment."""
    book.fail_voice(VOICE, UnsupportedError("gone"), Policy())
    clock.now = 5.0
    asked_again = book.state(VOICE)
    book.fail_voice(VOICE, UnsupportedError("gone"), Policy())

    assert ("half_open", "open") == (asked_again, book.state(VOICE))


def test_voice_that_is_back_is_forgotten_about(book: HealthBook, clock: Clock) -> None:
    """Speaking with it is proof enough."""
    book.fail_voice(VOICE, UnsupportedError("gone"), Policy())
    clock.now = 5.0
    book.succeed(VOICE)

    assert "closed" == book.state(VOICE)


def test_change_tells_before_and_after(book: HealthBook) -> None:
    """Enough to tell the user what happened, and when it did not."""
    opened, known = book.fail(ENGINE, DEATH, Policy()), book.fail(ENGINE, DEATH, Policy())

    assert ("closed", "open") == (opened.before.state, opened.after.state)
    assert ("open", "open") == (known.before.state, known.after.state)


def test_forgetting_makes_everybody_healthy(book: HealthBook) -> None:
    """As in the child of a fork: what the parent met there may not exist."""
    fail(book)
    book.forget()

    assert "closed" == book.state(ENGINE)


class ManyRequests(RuleBasedStateMachine):
    """Requests that come and go in any order, through a book with a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.book = HealthBook(self.clock)
        self.trials = 0

    @rule(seconds=st.floats(0, 400))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.now += seconds

    @rule()
    def enter(self) -> None:
        """A request asks for the engine."""
        if self.book.enter(ENGINE) == "trial":
            self.trials += 1

    @precondition(lambda self: self.trials)
    @rule(ending=st.sampled_from(["succeed", "leave", "fail", "unsupported"]))
    def end_trial(self, ending: str) -> None:
        """The request on trial is over."""
        self.trials -= 1
        if ending == "succeed":
            self.book.succeed(ENGINE)
        elif ending == "fail":
            self.book.fail(ENGINE, TransientEngineError("x"), Policy())
        elif ending == "unsupported":
            self.book.fail(ENGINE, UnsupportedError("x"), Policy())
        self.book.leave(ENGINE)

    @precondition(lambda self: not self.trials)
    @rule(error=st.sampled_from([DEATH, TransientEngineError("x"), UnsupportedError("x")]))
    def fail(self, error: EngineError) -> None:
        """A call that began while all was well fails late."""
        self.book.fail(ENGINE, error, Policy())

    @invariant()
    def one_trial_at_a_time(self) -> None:
        """Never is more than one segment put at risk."""
        assert self.trials <= 1

    @invariant()
    def trial_is_never_lost(self) -> None:
        """While nobody is on trial, an engine is let in sooner or later."""
        health = self.book.look(ENGINE)
        if not self.trials:
            assert health.at(self.clock.now + LONGEST) in ("closed", "half_open")
            assert "half_open" != health.state


TestManyRequests = ManyRequests.TestCase
TestManyRequests.settings = settings(derandomize=True, deadline=None, max_examples=100)


def test_health_is_shared_by_the_speakers_of_a_process(install: InstallEngine) -> None:
    """What one request learned spares every other the wait."""
    first = install("first", Fault("load", error=MemoryError))
    install("second")
    for _time in range(2):
        with Speaker("first,second") as speaker:
            speaker.say("One.")

    assert 1 == first.called("load")


def test_health_goes_with_the_settings(install: InstallEngine) -> None:
    """A wrong key disables the engine with that key, not with another one."""
    fault = Fault("load", error=EngineUnavailableError("no such key"), times=1)
    install("first", fault, settings=PaidSettings)
    install("second")
    engines = []
    for key in ("wrong", "wrong", "right"):
        with Speaker("first,second", settings={"first": {"key": key}}) as speaker:
            engines.append(speaker.say("One.").engines)

    assert [("second",), ("second",), ("first",)] == engines


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no fork")
def test_child_of_a_fork_forgets() -> None:
    """An engine that the parent found ill is healthy in the child."""
    script = """
        import os
        from utterly import OutOfMemoryError, Policy
        from utterly.health_book import book

        book.fail(("first",), OutOfMemoryError("full"), Policy())
        child = os.fork()
        if child == 0:
            os._exit(0 if book.state(("first",)) == "closed" else 1)
        print(os.waitpid(child, 0)[1], book.state(("first",)))
    """
    finished = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ("0 open\n", "") == (finished.stdout, finished.stderr)


def test_healthy_engines_take_no_room(book: HealthBook, clock: Clock) -> None:
    """The book holds what is worth knowing, not everybody who ever spoke."""
    for number in range(100):
        fail(book, key=("engine", number))
    clock.now = 1e9
    for number in range(100):
        book.enter(("engine", number))
        book.succeed(("engine", number))

    assert Health() == book.look(("engine", 7))
    assert {} == vars(book)["_healths"]
