"""Health as a value: what failures, trials and successes make of it, with the clock passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utterly.decisions import JITTER
from utterly.errors import (
    ContentRejectedError,
    EngineDefectError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    ModelDownloadError,
    OutOfMemoryError,
    QuotaExceededError,
    RateLimitedError,
    StageTimeoutError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.health import Health
from utterly.policy import Policy
from utterly.reactions import reaction_to
from utterly.speech import Stage

NO_JITTER = 0.5
NOW = 1_000.0
CAP = Policy().longest_open_seconds

COUNTED = [
    TransientEngineError("x"),
    IncompleteAudioError("x"),
    EngineDefectError("x", original="RuntimeError"),
]
OPENING = [
    RateLimitedError("x"),
    QuotaExceededError("x"),
    ModelDownloadError("x"),
    OutOfMemoryError("x"),
    *(StageTimeoutError("x", stage=s) for s in get_args(Stage) if s != "queue"),
]
OF_THE_CALLER = [
    UnsupportedError("x"),
    ContentRejectedError("x"),
    StageTimeoutError("x", stage="queue"),
]


@dataclass(frozen=True)
class Step:
    """Something that happens to an engine, a while after the step before."""

    wait: float
    error: EngineError | None
    chance: float

    def after(self, health: Health, now: float) -> Health:
        """Ask the engine as the orchestrator does, and report how it went."""
        if health.state == "open" and health.at(now) == "half_open":
            health = health.begin_trial()
        return (
            health.succeed() if self.error is None else fail(health, self.error, now, self.chance)
        )


def fail(health: Health, error: EngineError, now: float = NOW, chance: float = NO_JITTER) -> Health:
    """What the default policy makes of a failure."""
    return health.fail(error, reaction_to(error).effect, now, Policy(), chance)


def fail_times(count: int, error: EngineError, *, apart: float = 1.0) -> Health:
    """What becomes of a healthy engine that fails several times; the last time is `NOW`."""
    health = Health()
    for number in range(count):
        health = fail(health, error, NOW - (count - 1 - number) * apart)
    return health


def failed_trial(health: Health) -> Health:
    """The circuit after its time was up and a trial failed."""
    return fail(health.begin_trial(), TransientEngineError("x"), health.until)


STEPS = st.lists(
    st.builds(
        Step,
        wait=st.floats(0, 400),
        error=st.none() | st.sampled_from([*COUNTED, *OPENING, *OF_THE_CALLER]),
        chance=st.floats(0, 1),
    ),
    max_size=40,
)


def histories(steps: list[Step]) -> list[tuple[float, Health]]:
    """The time and the health after each step."""
    now, health, seen = NOW, Health(), []
    for step in steps:
        now += step.wait
        health = step.after(health, now)
        seen.append((now, health))
    return seen


@pytest.mark.parametrize("error", COUNTED, ids=lambda error: type(error).__name__)
def test_third_counted_failure_opens_the_circuit(error: EngineError) -> None:
    """One 503 or two are bad luck; three in a minute are an illness."""
    states = [fail_times(count, error).state for count in (1, 2, 3)]

    assert ["closed", "closed", "open"] == states


def test_failures_long_ago_do_not_count() -> None:
    """Three failures in an hour are no reason to leave an engine alone."""
    assert "closed" == fail_times(10, TransientEngineError("x"), apart=31.0).state


@pytest.mark.parametrize("error", OPENING, ids=repr)
def test_serious_failure_opens_the_circuit_at_once(error: EngineError) -> None:
    """What will surely fail again is not tried again soon."""
    assert ("open", NOW + 5.0) == (fail(Health(), error).state, fail(Health(), error).until)


@pytest.mark.parametrize("error", OF_THE_CALLER, ids=repr)
def test_callers_mistakes_and_full_queues_leave_a_healthy_engine_healthy(
    error: EngineError,
) -> None:
    """Guarantee 7, fair health: what is not the engine's fault never counts against it."""
    assert Health() == fail(Health(), error)


def test_missing_key_disables_with_its_mend() -> None:
    """The user is told what to do, in one line."""
    health = fail(Health(), EngineUnavailableError("no key", mend="set one"))

    assert Health("disabled", mend="set one") == health


def test_disabled_engine_without_a_mend_says_what_is_wrong() -> None:
    """There is always something to tell the user."""
    assert "no key" == fail(Health(), EngineUnavailableError("no key")).mend


@pytest.mark.parametrize("error", [*COUNTED, *OPENING, *OF_THE_CALLER], ids=repr)
def test_disabled_engine_stays_disabled_whatever_a_late_call_reports(error: EngineError) -> None:
    """A call that began before cannot bring back what only the user can mend."""
    disabled = fail(Health(), EngineUnavailableError("no key", mend="set one"))
    for _time in range(4):
        disabled = fail(disabled, error)

    assert ("disabled", "set one") == (disabled.state, disabled.mend)


def test_engine_that_speaks_is_no_longer_disabled() -> None:
    """A late call that succeeded proves that nothing is missing."""
    disabled = fail(Health(), EngineUnavailableError("no key"))

    assert Health() == disabled.succeed()


def test_rate_limit_opens_until_then() -> None:
    """The engine knows best when it may be asked again."""
    assert NOW + 40.0 == fail(Health(), RateLimitedError("x", retry_after=40.0)).until


def test_quota_opens_until_there_is_more() -> None:
    """An allowance that is used up until tomorrow is not asked for today."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    health = fail(Health(), QuotaExceededError("x", until=tomorrow))

    assert 86_400 == pytest.approx(health.until - NOW, abs=60)


def test_quota_that_is_already_back_is_tried_at_once() -> None:
    """A clock of another machine may be behind ours."""
    yesterday = datetime.now(UTC) - timedelta(days=1)

    assert "half_open" == fail(Health(), QuotaExceededError("x", until=yesterday)).at(NOW)


def test_quota_without_a_time_zone_does_no_harm() -> None:
    """A plugin's naive time is the plugin's mistake, and stays with it."""
    naive = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)

    assert "open" == fail(Health(), QuotaExceededError("x", until=naive)).state


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), -3.0])
def test_nonsense_of_an_engine_opens_for_no_senseless_time(nonsense: float) -> None:
    """A library may parse anything out of a header; the circuit closes again some day."""
    health = fail(Health(), RateLimitedError("x", retry_after=nonsense))

    assert "half_open" == health.at(NOW + 366 * 86_400.0)


def test_open_time_doubles_with_each_failed_trial() -> None:
    """An engine that stays ill is asked less and less often, up to a limit."""
    health, lasted = fail(Health(), OutOfMemoryError("x"), 0.0), []
    for _trial in range(9):
        before = health
        health = failed_trial(before)
        lasted.append(health.until - before.until)

    assert [10, 20, 40, 80, 160, 300, 300, 300, 300] == lasted


def test_success_begins_the_doubling_anew() -> None:
    """An illness that was got over is not held against the engine."""
    ill = failed_trial(failed_trial(fail(Health(), OutOfMemoryError("x"))))
    recovered = ill.begin_trial().succeed()

    assert NOW + 5.0 == fail(recovered, OutOfMemoryError("x")).until


def test_trial_that_fails_once_opens_again() -> None:
    """Three failures are needed of a healthy engine, one of an engine on trial."""
    health = fail(Health(), OutOfMemoryError("x"))

    assert "open" == failed_trial(health).state


def test_engine_that_was_seen_to_may_try_at_once() -> None:
    """An open circuit is ready for its trial, and whoever is healthy stays so."""
    ill = Health().fail(OutOfMemoryError("full"), "open", 0.0, Policy(), 0.5)

    assert ("open", "half_open") == (ill.at(1.0), ill.invite(1.0).at(1.0))
    assert Health() == Health().invite(1.0)


def test_succeeding_after_half_open_closes() -> None:
    """One segment that was spoken is proof enough."""
    assert Health() == fail(Health(), OutOfMemoryError("x")).begin_trial().succeed()


@pytest.mark.parametrize("error", OF_THE_CALLER, ids=repr)
def test_trial_that_says_nothing_leaves_the_next_one_free(error: EngineError) -> None:
    """A trial that met a caller's mistake is over, and neither lost nor won."""
    health = fail(Health(), OutOfMemoryError("x"))
    after = fail(health.begin_trial(), error, health.until)

    assert ("half_open", health.open_seconds) == (after.at(health.until), after.open_seconds)


def test_last_resort_that_fails_changes_nothing() -> None:
    """An open engine that was asked for want of anybody else is known to be ill."""
    health = fail(Health(), OutOfMemoryError("x"))

    assert health == fail(health, TransientEngineError("x"), NOW + 1.0)


def test_last_resort_learns_how_long_to_wait() -> None:
    """What the engine itself says of its return counts even then."""
    health = fail(
        fail(Health(), OutOfMemoryError("x")), RateLimitedError("x", retry_after=40.0), NOW + 1.0
    )

    assert NOW + 41.0 == health.until


@settings(max_examples=300)
@given(STEPS)
def test_open_for_no_longer_than_the_cap_and_its_jitter(steps: list[Step]) -> None:
    """Whatever happens in whatever order, no engine is left alone for longer."""
    for now, health in histories(steps):
        assert health.until - now <= CAP * (1 + JITTER)


@settings(max_examples=300)
@given(STEPS)
def test_open_circuit_always_becomes_half_open_again(steps: list[Step]) -> None:
    """No history leaves an engine in a state that it cannot get out of."""
    for now, health in histories(steps):
        assert health.at(now + CAP * (1 + JITTER)) in ("closed", "half_open")
        assert health.state != "half_open", "a reported trial is over"


@settings(max_examples=300)
@given(STEPS, st.sampled_from(OF_THE_CALLER))
def test_callers_mistakes_never_change_health(steps: list[Step], error: EngineError) -> None:
    """Guarantee 7, fair health: at no point of any history."""
    for now, health in [(NOW, Health()), *histories(steps)]:
        assert health == fail(health, error, now)


@settings(max_examples=300)
@given(STEPS)
def test_memory_of_failures_is_bounded(steps: list[Step]) -> None:
    """However long a process lives, only failures that still count are kept."""
    for _now, health in histories(steps):
        assert len(health.failures) < Policy().counted_failures


@given(STEPS)
def test_success_makes_well_whatever_came_before(steps: list[Step]) -> None:
    """An engine that speaks is healthy."""
    for now, health in histories(steps):
        spoke = Step(0.0, None, NO_JITTER).after(health, now)

        assert "closed" == spoke.state
