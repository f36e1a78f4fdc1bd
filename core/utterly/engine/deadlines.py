"""When waiting for an engine ends: each stage has its own clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeAlias

from utterly.errors import StageTimeoutError
from utterly.policy import Policy
from utterly.speech import Stage

SLOWNESS = 4.0
"""How much slower than so far an engine that does not stream may be before it counts as hung."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of one wait.

    Attributes:
        stage: What is waited for.
        seconds: How long that may take.
        at: `monotonic()` at which it has taken that long.
    """

    stage: Stage
    seconds: float
    at: float

    @classmethod
    def after(cls, stage: Stage, seconds: float) -> Deadline:
        """A clock that starts now."""
        return cls(stage, seconds, monotonic() + seconds)

    def left(self) -> float:
        """Seconds until then, 0 when it has passed."""
        return max(0.0, self.at - monotonic())

    def exceeded(self) -> StageTimeoutError:
        """The error for having waited so long in vain."""
        return StageTimeoutError(f"{_WAITS[self.stage]} {self.seconds:g} s", stage=self.stage)


Limit: TypeAlias = Callable[[], Deadline | None]
"""Says, before each wait, when it ends; `None` for no limit."""


def NO_LIMIT() -> Deadline | None:  # noqa: N802  # used as a constant
    """Wait as long as it takes."""
    return None


_WAITS: dict[Stage, str] = {
    "queue": "no turn within",
    "ensure_model": "no progress in preparing within",
    "load": "not loaded within",
    "first_audio": "no audio within",
    "streaming": "no further audio within",
    "verify": "not done within",
}


class AudioLimit:
    """The clocks of one attempt's audio: until the first piece, between pieces, and in all.

    They run only while somebody waits for the engine: a slow listener takes time from nobody.

    Args:
        policy: The caller's.
        kind: Of the engine, `"local"` or `"cloud"`.
        expected_silence: Seconds that the engine may need for any piece, beyond what is ordinary:
            for one that does not stream, the time to make the whole segment.
    """

    def __init__(self, policy: Policy, kind: str, expected_silence: float) -> None:
        ordinary = (
            policy.first_audio_cloud_seconds
            if kind == "cloud"
            else policy.first_audio_local_seconds
        )
        self._stage: Stage = "first_audio"
        self._patience = ordinary + SLOWNESS * expected_silence
        self._stall = policy.stall_seconds
        self._expected_silence = expected_silence
        self._whole = max(policy.attempt_seconds, self._patience)
        self._waited = 0.0
        self._since = 0.0

    def __call__(self) -> Deadline:
        """The end of the wait that begins now."""
        self._since = monotonic()
        left = self._whole - self._waited
        if left < self._patience:
            return Deadline("streaming", self._whole, self._since + left)
        return Deadline(self._stage, self._patience, self._since + self._patience)

    def note_audio(self) -> None:
        """The wait is over: audio has come."""
        self._waited += monotonic() - self._since
        self._stage = "streaming"
        # What was waited for so far says how fast it is here, for one that does not stream.
        self._patience = self._stall + SLOWNESS * min(self._waited, self._expected_silence)
