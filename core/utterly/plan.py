"""What is settled about a request before it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from utterly.audio_formats import SAMPLE_RATE
from utterly.cancellation import Cancellation
from utterly.casting import Casting
from utterly.events import Event
from utterly.extensions import Speak
from utterly.policy import Policy
from utterly.release import KEEP_ALL


@dataclass(frozen=True, slots=True)
class RequestPlan:
    """One request.

    Attributes:
        number: Of the request in this process, from 1.
        casting: Who speaks, and how, where the text does not say.
        policy: What to do about failures.
        live: Whether somebody listens while it is being spoken.
        emit: Told every event.
        cancellation: Stops it.
        sample_rate: Of the result, in Hz.
        keep_audio: Whether the result has the samples.
        fitting: Put around every attempt, outside of the extensions, where each segment has to fit
            a time of its own; then there are no pauses between them.
    """

    number: int
    casting: Casting
    policy: Policy
    live: bool
    emit: Callable[[Event], None]
    cancellation: Cancellation
    sample_rate: int = SAMPLE_RATE
    keep_audio: bool = True
    fitting: Callable[[Speak], Speak] | None = None

    @property
    def hold_back_seconds(self) -> float:
        """How much audio of an unfinished segment is kept in hand."""
        return self.policy.hold_back_seconds if self.live else KEEP_ALL
