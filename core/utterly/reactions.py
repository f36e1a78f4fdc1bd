"""What each class of failure brings about: the table of the design, as data."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from utterly.errors import (
    ContentRejectedError,
    EngineCrashedError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    ModelDownloadError,
    OutOfMemoryError,
    QuotaExceededError,
    RateLimitedError,
    StageTimeoutError,
    StillPreparingError,
    TransientEngineError,
    UnsupportedError,
)

Again: TypeAlias = Literal[
    "no", "transient", "once", "once if cloud", "after waiting", "after a crash"
]
"""Whether the same engine tries the segment again."""

Effect: TypeAlias = Literal["none", "voice", "counted", "open", "disabled"]
"""What it does to the engine's health."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one class of failure brings about.

    Attributes:
        again: Whether the same engine tries again.
        next_engine: Whether the next engine tries; `False` leaves it to `Policy.on_rejected`.
        effect: What it does to the engine's health.
    """

    again: Again = "no"
    next_engine: bool = True
    effect: Effect = "counted"


REACTIONS: dict[type[EngineError], Reaction] = {
    UnsupportedError: Reaction(effect="voice"),
    ContentRejectedError: Reaction(next_engine=False, effect="none"),
    RateLimitedError: Reaction(again="after waiting", effect="open"),
    QuotaExceededError: Reaction(effect="open"),
    EngineUnavailableError: Reaction(effect="disabled"),
    ModelDownloadError: Reaction(again="once", effect="open"),
    StillPreparingError: Reaction(effect="none"),
    TransientEngineError: Reaction(again="transient"),
    StageTimeoutError: Reaction(effect="open"),
    IncompleteAudioError: Reaction(again="once if cloud"),
    OutOfMemoryError: Reaction(effect="open"),
    EngineCrashedError: Reaction(again="after a crash"),
    EngineError: Reaction(),
}
"""The most specific class decides; `EngineError` itself stands for everything else."""


def seconds_asked_for(error: EngineError) -> float | None:
    """How long the engine itself wants to be left alone; `None` where it said nothing sensible.

    Plugins hand on what a server sent: text, nonsense, a time without a zone.
    """
    try:
        seconds = _seconds_said(error)
    except (TypeError, ValueError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _seconds_said(error: EngineError) -> float:
    if isinstance(error, RateLimitedError):
        return float(getattr(error, "retry_after", None) or math.nan)
    until = getattr(error, "until", None) if isinstance(error, QuotaExceededError) else None
    return (until - datetime.now(UTC)).total_seconds() if until else math.nan


def reaction_to(error: EngineError) -> Reaction:
    """The reaction to an error: that of its most specific class in the table."""
    reaction = next(REACTIONS[kind] for kind in type(error).__mro__ if kind in REACTIONS)
    if isinstance(error, StageTimeoutError) and error.stage == "queue":
        # The others in the queue are to blame, not the engine.
        return Reaction(effect="none")
    if isinstance(error, ModelDownloadError) and getattr(error, "is_final", False):
        return replace(reaction, again="no")
    return reaction
