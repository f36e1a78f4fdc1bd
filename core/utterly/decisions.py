"""What to do after a failure, whom to try next, when to go back: pure functions over values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from utterly.errors import EngineError
from utterly.policy import Policy
from utterly.reactions import reaction_to, seconds_asked_for

FIRST_PAUSE = 0.5
"""Seconds before the first retry of a transient failure; each later one waits twice as long."""

JITTER = 0.25
"""Pauses and open times vary by this share either way, so that many clients do not act as one."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a failure happened.

    Attributes:
        kind: Of the engine.
        live: Whether somebody is listening already.
        released: Whether audio of this segment has left; then nobody may try it from the start.
        tries: How often this engine has tried this segment, this time included.
        seconds: How long those tries have taken.
        others_healthy: Whether another engine of the chain could speak it now.
        unwell: Whether the engine failed before and is asked once, on trial or for want of others.
    """

    kind: Literal["local", "cloud"]
    live: bool
    released: bool
    tries: int
    seconds: float
    others_healthy: bool
    unwell: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes next.

    Attributes:
        action: The same engine `"again"`, the `"next"` one, or `"stop"`.
        pause: Seconds to wait before trying again.
    """

    action: Literal["again", "next", "stop"]
    pause: float = 0.0


def decide(error: EngineError, situation: Situation, policy: Policy, chance: float) -> Decision:
    """Decide what comes after a failure.

    Args:
        error: What the engine failed with.
        situation: Where that happened.
        policy: The caller's.
        chance: A random number from 0 to 1, for the jitter of pauses.
    """
    reaction = reaction_to(error)
    once = situation.released or situation.unwell
    pause = None if once else _pause_before_retry(error, situation, policy, chance)
    if pause is not None:
        return Decision("again", pause)
    if reaction.next_engine or policy.on_rejected == "next":
        return Decision("next")
    return Decision("stop")


def _pause_before_retry(
    error: EngineError, situation: Situation, policy: Policy, chance: float
) -> float | None:
    """Seconds to wait before the same engine tries again; `None` where it does not."""
    pause = vary(FIRST_PAUSE * 2 ** (situation.tries - 1), chance)
    match reaction_to(error).again:
        case "transient":
            again = situation.tries <= _transient_retries(situation, policy)
        case "once":
            again = situation.tries <= 1
        case "once if cloud":
            again = situation.tries <= 1 and situation.kind == "cloud"
        case "after waiting":
            pause = seconds_asked_for(error) or pause
            again = situation.tries <= 1 and not situation.others_healthy
        case "after a crash":
            again = situation.tries <= 1 and not (situation.live and situation.others_healthy)
        case _:
            again = False
    return pause if again and situation.seconds + pause <= policy.retry_seconds else None


def _transient_retries(situation: Situation, policy: Policy) -> int:
    if situation.live:
        return 0 if situation.others_healthy else policy.live_retries
    return policy.buffered_retries


def vary(seconds: float, chance: float) -> float:
    """A time, up to a quarter shorter or longer.

    Args:
        seconds: The time.
        chance: A random number from 0 to 1.
    """
    return seconds * (1 + JITTER * (2 * chance - 1))


def order_chain(
    chain: Sequence[str], speaking: str | None, *, new_paragraph: bool, policy: Policy
) -> tuple[str, ...]:
    """Whom to ask for the next segment, in order.

    Args:
        chain: Configured names, first choice first.
        speaking: Who spoke the segment before, `None` at the beginning.
        new_paragraph: Whether the segment begins a paragraph.
        policy: Its `switch_back` says how long a stand-in stays.
    """
    stays = policy.switch_back == "never" or (
        policy.switch_back == "paragraph" and not new_paragraph
    )
    if speaking is None or not stays:
        return tuple(chain)
    return (speaking, *(engine for engine in chain if engine != speaking))
