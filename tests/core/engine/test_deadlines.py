"""Tests of the clocks of the stages; they run only while the engine owes something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import utterly.engine.deadlines
from utterly import Policy, StageTimeoutError
from utterly.engine.deadlines import NO_LIMIT, SLOWNESS, AudioLimit, Deadline
from utterly.speech import Stage

POLICY = Policy(
    first_audio_cloud_seconds=1.0,
    first_audio_local_seconds=2.0,
    stall_seconds=3.0,
    attempt_seconds=10.0,
)


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that deadlines go by."""
    clock = Clock()
    monkeypatch.setattr(utterly.engine.deadlines, "monotonic", clock)
    return clock


def test_deadline_counts_from_now(clock: Clock) -> None:
    """It has all of its time at first, and less of it as the clock goes."""
    deadline = Deadline.after("load", 5.0)
    clock.now += 2.0

    assert (105.0, 3.0) == (deadline.at, deadline.left())


def test_nothing_is_left_of_a_deadline_that_has_passed(clock: Clock) -> None:
    """Waiting a negative time is an error in most places."""
    deadline = Deadline.after("load", 5.0)
    clock.now += 6.0

    assert 0.0 == deadline.left()


@pytest.mark.parametrize("stage", get_args(Stage))
def test_error_names_stage_and_time(stage: Stage) -> None:
    """One line that says what was waited for, and how long."""
    error = Deadline.after(stage, 2.5).exceeded()

    assert isinstance(error, StageTimeoutError)
    assert (stage, True) == (error.stage, str(error).endswith(" within 2.5 s"))


def test_no_limit_is_no_deadline() -> None:
    """Some waits last as long as they take."""
    assert NO_LIMIT() is None


@pytest.mark.parametrize(("kind", "seconds"), [("cloud", 1.0), ("local", 2.0)])
def test_first_audio_has_the_time_of_its_kind(
    clock: Clock, kind: Literal["cloud", "local"], seconds: float
) -> None:
    """A model on this machine may think longer than a server."""
    deadline = AudioLimit(POLICY, kind, 0.0)()

    assert Deadline("first_audio", seconds, clock.now + seconds) == deadline


def test_engine_that_does_not_stream_has_time_for_the_whole_segment(clock: Clock) -> None:
    """A slow machine is not a fault."""
    limit = AudioLimit(POLICY, "local", 1.5)

    assert 2.0 + SLOWNESS * 1.5 == limit().at - clock.now


def test_time_for_the_whole_segment_outweighs_that_of_an_attempt(clock: Clock) -> None:
    """Who may be silent for long is not given up while silent."""
    limit = AudioLimit(POLICY, "local", 100.0)

    assert Deadline("first_audio", 402.0, clock.now + 402.0) == limit()


def test_later_audio_has_the_time_of_a_stall(clock: Clock) -> None:
    """After the first piece, each one has its own time."""
    limit = AudioLimit(POLICY, "cloud", 0.0)
    limit()
    clock.now += 0.5
    limit.note_audio()

    assert Deadline("streaming", 3.0, clock.now + 3.0) == limit()


def test_next_piece_of_an_engine_that_does_not_stream(clock: Clock) -> None:
    """It may take as much longer as it took for the ones before: the machine is slow."""
    limit = AudioLimit(POLICY, "local", 5.0)
    limit()
    clock.now += 2.0
    limit.note_audio()

    assert 3.0 + SLOWNESS * 2.0 == limit().at - clock.now


def test_attempt_ends_although_audio_keeps_coming(clock: Clock) -> None:
    """An engine that never finishes is given up when its attempt has taken its time."""
    limit = AudioLimit(POLICY, "cloud", 0.0)
    for _ in range(4):
        limit()
        clock.now += 2.0
        limit.note_audio()

    assert Deadline("streaming", 10.0, clock.now + 2.0) == limit()


@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=20))
def test_guarantee_7_a_slow_listener_takes_time_from_nobody(pauses: list[float]) -> None:
    """Guarantee 7, fair health: only the time from asking to audio counts."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(utterly.engine.deadlines, "monotonic", clock := Clock())
        limit = AudioLimit(POLICY, "cloud", 0.0)
        for pause in pauses:
            limit()
            limit.note_audio()
            clock.now += pause
        deadline = limit()

    assert ("streaming", 3.0) == (deadline.stage, deadline.seconds)
    assert pytest.approx(3.0) == deadline.at - clock.now


@given(
    st.lists(st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 5.0)), max_size=30),
    st.floats(0.0, 20.0),
)
def test_guarantee_4_the_wait_for_an_engine_is_bounded(
    steps: list[tuple[float, float]], expected_silence: float
) -> None:
    """Guarantee 4, bounded: no engine is waited for longer than the policy says, in all."""
    patience = POLICY.first_audio_local_seconds + SLOWNESS * expected_silence
    most = max(POLICY.attempt_seconds, patience)
    waited = 0.0
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(utterly.engine.deadlines, "monotonic", clock := Clock())
        limit = AudioLimit(POLICY, "local", expected_silence)
        for wait, pause in steps:
            step = min(wait, limit().left())
            clock.now += step
            waited += step
            limit.note_audio()
            clock.now += pause
        waited += limit().left()

    assert waited <= most + 1e-6
