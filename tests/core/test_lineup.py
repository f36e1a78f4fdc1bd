"""Whom to ask, in order, and what their answers make of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, cast

import pytest

from utterly import Policy, RequestCancelledError, Speaker
from utterly.cancellation import Cancellation
from utterly.engine.session import EngineSession
from utterly.engine_info import EngineInfo
from utterly.errors import (
    ContentRejectedError,
    EngineError,
    EngineUnavailableError,
    OutOfMemoryError,
    StageTimeoutError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.events import EngineHealthChanged, Event
from utterly.health_book import HealthBook
from utterly.health_book import book as book_of_the_process
from utterly.lineup import Candidate, Lineup
from utterly.speech import Stage
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

CHAIN = ("first", "second", "third")
DEATH = OutOfMemoryError("full")


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Session:
    """As much of an engine session as a lineup touches."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.info = EngineInfo(name, "cloud", ("en",), 24_000)
        self.health_key = (name,)
        self.users = 0
        self.uses = 0
        self.discarded = 0

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Count those who use it."""
        self.users += 1
        self.uses += 1
        try:
            yield
        finally:
            self.users -= 1

    def discard_model(self) -> None:
        """Count it."""
        self.discarded += 1


class Scene:
    """Lineups of several requests over the same three engines, with one book and clock.

    Attributes:
        missing: Names that cannot be opened.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.book = HealthBook(self.clock, lambda: 0.5)
        self.sessions = {name: Session(name) for name in CHAIN}
        self.events: list[Event] = []
        self.missing: set[str] = set()

    def open(self, name: str) -> EngineSession:
        """The one session of a name."""
        if name in self.missing:
            raise EngineUnavailableError("not installed")
        return cast("EngineSession", self.sessions[name])

    def lineup(self, policy: Policy | None = None) -> Lineup:
        """That of a new request."""
        return Lineup(self.open, self.book, policy or Policy(), self.events.append, Cancellation())

    def fail(self, name: str, error: EngineError = DEATH) -> None:
        """Have an engine fail in another request."""
        self.book.fail((name,), error, Policy())

    def await_trial(self, name: str) -> None:
        """Have an engine fail, and its time pass."""
        self.fail(name)
        self.clock.now += 5.0


@pytest.fixture
def scene() -> Scene:
    """Three engines."""
    return Scene()


def names(candidates: Iterator[Candidate]) -> list[str]:
    """Who is asked, in order; those of last resort in brackets."""
    return [f"({c.engine})" if c.last_resort else c.engine for c in candidates]


def test_healthy_engines_are_asked_in_order(scene: Scene) -> None:
    """While all is well, the caller's order is the order."""
    assert list(CHAIN) == names(scene.lineup().candidates(CHAIN))


def test_open_circuit_is_asked_last_never_left_out(scene: Scene) -> None:
    """An open circuit is never the reason for silence."""
    scene.fail("first")

    assert ["second", "third", "(first)"] == names(scene.lineup().candidates(CHAIN))


def test_all_open_are_asked_once_each_in_order(scene: Scene) -> None:
    """When nobody is healthy, everybody gets one more chance."""
    for name in CHAIN:
        scene.fail(name)

    assert ["(first)", "(second)", "(third)"] == names(scene.lineup().candidates(CHAIN))


def test_engine_on_trial_is_asked_in_its_place(scene: Scene) -> None:
    """Half-open lets one real segment through, where it would be spoken anyway."""
    scene.await_trial("first")

    assert list(CHAIN) == names(scene.lineup().candidates(CHAIN))


def test_trial_goes_to_one_request_only(scene: Scene) -> None:
    """While one request tries an engine, others ask it only for want of anybody else."""
    scene.await_trial("first")
    trying, waiting = scene.lineup().candidates(CHAIN), scene.lineup().candidates(CHAIN)

    assert Candidate("first", on_trial=True) == next(trying)
    assert ["second", "third", "(first)"] == names(waiting)


def test_trial_is_free_again_when_the_next_engine_is_asked(scene: Scene) -> None:
    """A trial that was never reported is over when its request moves on."""
    scene.await_trial("first")
    trying = scene.lineup().candidates(CHAIN)
    next(trying)
    next(trying)

    assert Candidate("first", on_trial=True) == next(scene.lineup().candidates(CHAIN))


def test_trial_is_free_again_when_the_request_is_closed_early(scene: Scene) -> None:
    """Whoever stops listening in the middle of a trial shuts nobody out."""
    scene.await_trial("first")
    with closing(scene.lineup().candidates(CHAIN)) as trying:
        next(trying)

    assert Candidate("first", on_trial=True) == next(scene.lineup().candidates(CHAIN))


def test_trial_is_free_again_when_the_request_ends_with_an_error(scene: Scene) -> None:
    """A cancellation on trial shuts nobody out either."""
    scene.await_trial("first")
    trying = scene.lineup().candidates(CHAIN)
    next(trying)
    with pytest.raises(RequestCancelledError):
        trying.throw(RequestCancelledError("cancelled"))

    assert Candidate("first", on_trial=True) == next(scene.lineup().candidates(CHAIN))


def test_leaving_a_lost_trial_does_not_reopen_it(scene: Scene) -> None:
    """What the trial has shown stays; moving on afterwards changes nothing."""
    scene.await_trial("first")
    lineup = scene.lineup()
    candidates = lineup.candidates(CHAIN)
    next(candidates)
    lineup.fail("first", "anna", "first_audio", TransientEngineError("503"))
    next(candidates)

    assert "open" == scene.book.state(("first",))


def test_engine_that_cannot_be_opened_is_still_asked(scene: Scene) -> None:
    """Its attempt tells what is wrong; the chain goes on."""
    scene.missing.add("first")
    lineup = scene.lineup()

    assert list(CHAIN) == names(lineup.candidates(CHAIN))
    assert "local" == lineup.kind("first")


def test_engines_are_opened_only_when_their_turn_comes(scene: Scene) -> None:
    """Whoever is not needed is not touched."""
    next(scene.lineup().candidates(CHAIN))

    assert [1, 0, 0] == [scene.sessions[name].uses for name in CHAIN]


def test_engines_are_in_use_until_the_request_is_over(scene: Scene) -> None:
    """A model is not given back between two segments of one request."""
    lineup = scene.lineup()
    for _segment in range(2):
        names(lineup.candidates(CHAIN))
    during = [scene.sessions[name].users for name in CHAIN]
    lineup.close()

    assert ([1, 1, 1], [0, 0, 0]) == (during, [scene.sessions[name].users for name in CHAIN])


def test_following_names_the_next_healthy_engine(scene: Scene) -> None:
    """An event can say who comes next, before it is asked."""
    scene.fail("second")
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))

    assert "third" == lineup.following(CHAIN, ["first"])


def test_following_names_an_ill_engine_before_nobody(scene: Scene) -> None:
    """An ill engine is asked last, and then it is the one who comes next."""
    scene.fail("second")
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))

    assert ["second", ""] == [
        lineup.following(CHAIN, ["first", "third"]),
        lineup.following(CHAIN, CHAIN),
    ]


def test_others_are_healthy_until_it_is_known_otherwise(scene: Scene) -> None:
    """Whoever has not been asked yet counts as somebody who can speak."""
    lineup = scene.lineup()
    unknown = lineup.others_healthy("first", CHAIN)
    scene.fail("second")
    scene.fail("third")
    names(lineup.candidates(CHAIN))

    assert (True, False) == (unknown, lineup.others_healthy("first", CHAIN))


def test_disabled_engine_is_refused_with_its_mend(scene: Scene) -> None:
    """Nothing is asked of it, and everybody learns what to do."""
    scene.fail("first", EngineUnavailableError("no key", mend="set one"))
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))

    with pytest.raises(EngineUnavailableError, match="disabled; set one"):
        lineup.check(Candidate("first", last_resort=True), "anna")


@pytest.mark.parametrize("speaking", ["first_audio", "streaming", "verify"])
def test_missing_voice_is_kept_with_the_voice(scene: Scene, speaking: Stage) -> None:
    """The engine is as well as before; only this voice is left alone."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", speaking, UnsupportedError("no such voice"))

    lineup.check(Candidate("first"), "berta")
    with pytest.raises(UnsupportedError, match="'anna' could not be had a moment ago"):
        lineup.check(Candidate("first"), "anna")
    assert scene.book.is_healthy(("first",))


@pytest.mark.parametrize("beforehand", ["queue", "ensure_model", "load"])
def test_what_the_engine_never_said_of_a_voice_is_not_kept(scene: Scene, beforehand: Stage) -> None:
    """A language that it does not speak says nothing about the voice."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", beforehand, UnsupportedError("no such language"))

    lineup.check(Candidate("first"), "anna")  # raises nothing


def test_missing_voice_is_asked_for_again_as_a_last_resort(scene: Scene) -> None:
    """A fault of a voice is not the reason for silence either."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", "first_audio", UnsupportedError("no such voice"))

    lineup.check(Candidate("first", last_resort=True), "anna")  # raises nothing


def test_other_failures_say_nothing_about_the_voice(scene: Scene) -> None:
    """A 503 is not the voice's fault."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", "first_audio", TransientEngineError("503"))

    assert scene.book.is_healthy(("first", "anna"))


def test_model_is_given_back_when_memory_ran_out(scene: Scene) -> None:
    """The next engine needs the room, so this request lets go of the model at once."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", "load", DEATH)
    first = scene.sessions["first"]

    assert (1, 0) == (first.discarded, first.users)


def test_engine_is_in_use_again_when_it_is_asked_again(scene: Scene) -> None:
    """After its model was given back, the last resort uses it as anybody does."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", "load", DEATH)
    lineup.session("first")
    during = scene.sessions["first"].users
    lineup.close()

    assert (1, 0) == (during, scene.sessions["first"].users)


def test_every_change_of_health_is_told_once(scene: Scene) -> None:
    """Enough for a user interface, and nothing twice."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", "load", DEATH)
    lineup.fail("first", "anna", "first_audio", TransientEngineError("503"))
    lineup.fail("second", "anna", "load", EngineUnavailableError("no key", mend="set one"))
    lineup.fail("third", "anna", "load", ContentRejectedError("no"))
    lineup.succeed("first", "anna")

    told = [(e.engine, e.state, e.mend) for e in scene.events if isinstance(e, EngineHealthChanged)]
    assert [
        ("first", "open", ""),
        ("second", "disabled", "set one"),
        ("first", "closed", ""),
    ] == told


def test_event_says_how_long_an_engine_is_left_alone() -> None:
    """On the clock of the process, which is the one the book has."""
    events: list[Event] = []
    session = cast("EngineSession", Session("first"))
    lineup = Lineup(lambda _name: session, HealthBook(), Policy(), events.append, Cancellation())
    lineup.session("first")
    lineup.fail("first", "anna", "load", StageTimeoutError("x", stage="load"))

    assert 3.0 <= cast("Any", events[0]).seconds <= 6.25


def test_event_says_so_on_any_clock(scene: Scene) -> None:
    """A book with a clock of its own is told of in that clock's seconds."""
    lineup = scene.lineup()
    names(lineup.candidates(CHAIN))
    lineup.fail("first", "anna", "load", DEATH)

    assert 5.0 == pytest.approx(cast("Any", scene.events[0]).seconds)


def test_closing_a_stream_on_trial_frees_the_trial(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who leaves while an engine is on trial does not keep it for himself."""
    clock = Clock()
    monkeypatch.setattr(book_of_the_process, "_clock", clock)
    hang = Fault("after_audio", kind="hang", after=0.8, text="Two.")
    install("first", Fault("load", error=MemoryError, times=1), hang, seconds=1.0)
    install("second")
    with Speaker("first,second") as speaker:
        speaker.say("One.")
        clock.now += 10.0
        with speaker.stream("Two.") as stream:
            next(stream)
            during = speaker.say("Three.").engines
        afterwards = speaker.say("Four.").engines

    assert (("second",), ("first",)) == (during, afterwards)
