"""What comes after a failure, and whom to ask next: pure functions, so every case can be tried."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from utterly.decisions import FIRST_PAUSE, JITTER, Decision, Situation, decide, order_chain, vary
from utterly.errors import (
    ContentRejectedError,
    EngineCrashedError,
    EngineDefectError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    InvalidAudioError,
    ModelDownloadError,
    OutOfMemoryError,
    QuotaExceededError,
    RateLimitedError,
    StageTimeoutError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.policy import Policy
from utterly.speech import Stage

ALONE = Situation(
    kind="local", live=False, released=False, tries=1, seconds=0.1, others_healthy=False
)
"""A first failure of a local engine with nobody listening and nobody else to ask."""

ACCOMPANIED = replace(ALONE, others_healthy=True)
NO_JITTER = 0.5

SwitchBack: TypeAlias = Literal["paragraph", "segment", "never"]

ERRORS = st.one_of(
    st.sampled_from(
        [
            UnsupportedError("x"),
            ContentRejectedError("x"),
            RateLimitedError("x"),
            QuotaExceededError("x"),
            EngineUnavailableError("x"),
            ModelDownloadError("x"),
            TransientEngineError("x"),
            IncompleteAudioError("x"),
            InvalidAudioError("x"),
            OutOfMemoryError("x"),
            EngineCrashedError("x"),
            EngineDefectError("x", original="SystemExit"),
        ]
    ),
    st.sampled_from(get_args(Stage)).map(lambda stage: StageTimeoutError("x", stage=stage)),
    st.floats(0, 1e6).map(lambda seconds: RateLimitedError("x", retry_after=seconds)),
)
SITUATIONS = st.builds(
    Situation,
    kind=st.sampled_from(["local", "cloud"]),
    live=st.booleans(),
    released=st.booleans(),
    tries=st.integers(1, 50),
    seconds=st.floats(0, 1e4),
    others_healthy=st.booleans(),
)
POLICIES = st.builds(
    Policy,
    live_retries=st.integers(0, 5),
    buffered_retries=st.integers(0, 5),
    retry_seconds=st.floats(0, 100),
    switch_back=st.sampled_from(["paragraph", "segment", "never"]),
    on_rejected=st.sampled_from(["raise", "next"]),
)
CHANCES = st.floats(0, 1)
CHAINS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8, unique=True)


def after(error: EngineError, situation: Situation = ALONE, policy: Policy | None = None) -> str:
    """What is decided, in one word."""
    return decide(error, situation, policy or Policy(), NO_JITTER).action


@pytest.mark.parametrize(
    ("error", "retries"),
    [
        (UnsupportedError("x"), 0),
        (RateLimitedError("x"), 1),
        (QuotaExceededError("x"), 0),
        (EngineUnavailableError("x"), 0),
        (ModelDownloadError("x"), 1),
        (TransientEngineError("x"), 2),
        (StageTimeoutError("x", stage="load"), 0),
        (StageTimeoutError("x", stage="queue"), 0),
        (IncompleteAudioError("x"), 0),
        (InvalidAudioError("x"), 0),
        (OutOfMemoryError("x"), 0),
        (EngineCrashedError("x"), 1),
        (EngineDefectError("x", original="SystemExit"), 0),
    ],
)
def test_same_engine_again_as_often_as_the_table_says(error: EngineError, retries: int) -> None:
    """Buffered, alone and local: so often the same engine tries again, then the next one does."""
    decided = [after(error, replace(ALONE, tries=tries)) for tries in range(1, 5)]

    assert ["again"] * retries + ["next"] * (4 - retries) == decided


@pytest.mark.parametrize("error", [TransientEngineError("x"), RateLimitedError("x")])
def test_engine_on_trial_is_asked_once(error: EngineError) -> None:
    """Nor does one that is asked for want of others get a second chance at the same segment."""
    assert Decision("next") == decide(error, replace(ALONE, unwell=True), Policy(), NO_JITTER)


def test_rejected_text_ends_the_request() -> None:
    """An engine's refusal of the content is not got round unasked."""
    assert "stop" == after(ContentRejectedError("x"))


def test_rejected_text_goes_on_if_the_policy_says_so() -> None:
    """`on_rejected="next"` lets the next engine decide for itself."""
    assert "next" == after(ContentRejectedError("x"), policy=Policy(on_rejected="next"))


@pytest.mark.parametrize(("kind", "expected"), [("local", "next"), ("cloud", "again")])
def test_cut_audio_is_asked_for_again_only_in_the_cloud(
    kind: Literal["local", "cloud"], expected: str
) -> None:
    """A local engine would cut the same text at the same place."""
    assert expected == after(IncompleteAudioError("x"), replace(ALONE, kind=kind))


@pytest.mark.parametrize(("others_healthy", "expected"), [(True, "next"), (False, "again")])
def test_listener_waits_for_a_crashed_engine_only_when_nobody_else_is_healthy(
    others_healthy: bool, expected: str
) -> None:
    """Its process is started and its model loaded anew, which another engine need not wait for."""
    situation = replace(ALONE, live=True, others_healthy=others_healthy)

    assert expected == after(EngineCrashedError("x"), situation)


@pytest.mark.parametrize(("others_healthy", "expected"), [(True, "next"), (False, "again")])
def test_listener_waits_for_a_retry_only_when_nobody_else_is_healthy(
    others_healthy: bool, expected: str
) -> None:
    """While somebody listens, another engine is sooner than the same one again."""
    situation = replace(ALONE, live=True, others_healthy=others_healthy)

    assert expected == after(TransientEngineError("x"), situation)


def test_listener_waits_for_one_retry_only() -> None:
    """Live, a transient failure is tried once more, even alone."""
    situation = replace(ALONE, live=True, tries=2)

    assert "next" == after(TransientEngineError("x"), situation)


def test_rate_limit_is_waited_for_exactly() -> None:
    """An engine that says when it may be asked again is asked then."""
    error = RateLimitedError("x", retry_after=7.0)

    assert Decision("again", 7.0) == decide(error, ALONE, Policy(), NO_JITTER)


def test_rate_limit_is_not_waited_for_while_somebody_else_is_healthy() -> None:
    """Nobody waits for one engine when another could speak now."""
    assert "next" == after(RateLimitedError("x", retry_after=1.0), ACCOMPANIED)


def test_rate_limit_that_does_not_fit_is_not_waited_for() -> None:
    """A wait beyond `retry_seconds` is longer than anybody wants to wait."""
    assert "next" == after(RateLimitedError("x", retry_after=21.0))


@pytest.mark.parametrize("nonsense", [float("nan"), float("inf"), -3.0])
def test_nonsense_of_an_engine_never_makes_a_senseless_pause(nonsense: float) -> None:
    """A library may parse anything out of a header; a pause is a number of seconds."""
    pause = decide(RateLimitedError("x", retry_after=nonsense), ALONE, Policy(), NO_JITTER).pause

    assert 0.0 <= pause <= Policy().retry_seconds


def test_pauses_double() -> None:
    """Each retry of a transient failure waits twice as long as the one before."""
    tried = [replace(ALONE, tries=tries) for tries in (1, 2)]
    decided = [decide(TransientEngineError("x"), s, Policy(), NO_JITTER) for s in tried]

    assert [FIRST_PAUSE, 2 * FIRST_PAUSE] == [decision.pause for decision in decided]


def test_retries_end_when_their_time_is_up() -> None:
    """Two retries are allowed, but not beyond `retry_seconds`."""
    assert "next" == after(TransientEngineError("x"), replace(ALONE, seconds=19.9))


@given(ERRORS, SITUATIONS, POLICIES, CHANCES)
@example(TransientEngineError("x"), ALONE, Policy(), NO_JITTER)  # would be tried again
def test_nothing_that_was_heard_is_spoken_again(
    error: EngineError, situation: Situation, policy: Policy, chance: float
) -> None:
    """Once audio has left, the same engine never begins the segment again."""
    heard = replace(situation, released=True)

    assert "again" != decide(error, heard, policy, chance).action


@given(ERRORS, SITUATIONS, POLICIES, CHANCES)
def test_no_pause_but_before_a_retry(
    error: EngineError, situation: Situation, policy: Policy, chance: float
) -> None:
    """Another engine is asked at once."""
    decision = decide(error, situation, policy, chance)

    assert decision.action == "again" or decision.pause == 0.0


@given(ERRORS, SITUATIONS, POLICIES, CHANCES)
def test_only_rejected_text_stops_a_request(
    error: EngineError, situation: Situation, policy: Policy, chance: float
) -> None:
    """Whatever else happens, the next engine gets its turn."""
    stops = decide(error, situation, policy, chance).action == "stop"

    assert stops == (isinstance(error, ContentRejectedError) and policy.on_rejected == "raise")


@given(st.lists(ERRORS, max_size=30), SITUATIONS, POLICIES, CHANCES)
def test_retries_are_bounded_whatever_happens(
    errors: list[EngineError], situation: Situation, policy: Policy, chance: float
) -> None:
    """However an engine fails, in whatever order, it is asked a known number of times."""
    retries, paused = 0, 0.0
    for tries, error in enumerate(errors, 1):
        now = replace(situation, tries=tries, seconds=paused)
        decision = decide(error, now, policy, chance)
        if decision.action != "again":
            break
        retries += 1
        paused += decision.pause

    assert retries <= max(1, policy.buffered_retries, policy.live_retries)
    assert paused <= policy.retry_seconds


@given(st.floats(0, 1e6), CHANCES)
def test_jitter_is_a_quarter_at_most(seconds: float, chance: float) -> None:
    """Many clients spread out, and none waits much longer than meant."""
    varied = vary(seconds, chance)

    assert seconds * (1 - JITTER) <= varied <= seconds * (1 + JITTER)


def test_jitter_spreads_out() -> None:
    """Clients that fail at the same moment do not all come back at the same moment."""
    assert [1 - JITTER, 1.0, 1 + JITTER] == [vary(1.0, chance) for chance in (0.0, 0.5, 1.0)]


@given(CHAINS, st.booleans(), POLICIES, st.data())
def test_everybody_of_the_chain_is_asked_once(
    chain: list[str], new_paragraph: bool, policy: Policy, data: st.DataObject
) -> None:
    """Whoever spoke last, nobody is left out and nobody asked twice."""
    speaking = data.draw(st.none() | st.sampled_from(chain))
    order = order_chain(chain, speaking, new_paragraph=new_paragraph, policy=policy)

    assert sorted(chain) == sorted(order)


@given(CHAINS, st.booleans(), POLICIES, st.data())
def test_nobody_changes_places_but_the_one_who_stays(
    chain: list[str], new_paragraph: bool, policy: Policy, data: st.DataObject
) -> None:
    """The others are asked in the order that the caller gave."""
    speaking = data.draw(st.sampled_from(chain))
    order = order_chain(chain, speaking, new_paragraph=new_paragraph, policy=policy)

    assert [n for n in chain if n != speaking] == [n for n in order if n != speaking]


@pytest.mark.parametrize(
    ("switch_back", "new_paragraph", "head"),
    [
        ("paragraph", False, "stand-in"),
        ("paragraph", True, "first"),
        ("segment", False, "first"),
        ("segment", True, "first"),
        ("never", False, "stand-in"),
        ("never", True, "stand-in"),
    ],
)
def test_switch_back_says_how_long_a_stand_in_stays(
    switch_back: SwitchBack, new_paragraph: bool, head: str
) -> None:
    """One failure must not turn a book into another voice, nor change it with each sentence."""
    policy = Policy(switch_back=switch_back)
    order = order_chain(
        ["first", "stand-in", "last"], "stand-in", new_paragraph=new_paragraph, policy=policy
    )

    assert head == order[0]


@pytest.mark.parametrize("switch_back", ["paragraph", "segment", "never"])
def test_request_begins_with_the_first_choice(switch_back: SwitchBack) -> None:
    """Who stood in for an earlier request has no claim on this one."""
    policy = Policy(switch_back=switch_back)

    assert ("a", "b") == order_chain(["a", "b"], None, new_paragraph=True, policy=policy)
