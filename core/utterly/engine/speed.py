"""How fast an engine makes speech on this machine."""

from __future__ import annotations

from utterly.engine.checks import expected_duration

NEWEST_SHARE = 0.3
"""Weight of the newest segment in the running mean."""


class RealTimeFactor:
    """Seconds of work for a second of audio, as seen so far; 1 before anything was seen.

    Attributes:
        factor: The running mean.
    """

    def __init__(self) -> None:
        self.factor = 1.0
        self._seen = False

    def note(self, worked: float, audio: float) -> None:
        """Take in one segment.

        Args:
            worked: Seconds that the engine took.
            audio: Seconds of audio that it made.
        """
        if audio <= 0:
            return
        share = NEWEST_SHARE if self._seen else 1.0
        self.factor += share * (worked / audio - self.factor)
        self._seen = True

    def expected_silence(self, text: str, speed: float) -> float:
        """Seconds that an engine needs for a text before it is all there."""
        return expected_duration(text, speed) * self.factor
