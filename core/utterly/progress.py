"""How far the speaking of a text has come, counted from events."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

from utterly.events import Event, RequestEnded, RequestStarted, SegmentSkipped, SegmentSpoken

LONG = 5
"""Sentences from which on it is worth telling."""


class SpeakingProgress:
    """Counts what is spoken of one request; hand it every event, from any thread.

    Args:
        clock: The time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._began = clock()
        self._spoken = 0
        self._segments: int | None = None
        self._duration = 0.0

    def __call__(self, event: Event) -> None:
        """Take note of one event."""
        with self._lock:
            match event:
                case RequestStarted(segments=segments):
                    self._began = self._clock()
                    self._spoken, self._segments, self._duration = 0, segments, 0.0
                case SegmentSpoken(duration=duration, complete=complete):
                    self._spoken += complete
                    self._duration += duration
                case SegmentSkipped():
                    self._spoken += 1
                case RequestEnded(duration=duration):
                    self._duration = duration

    def so_far(self, unit: str = "sentences") -> str:
        """How far it came, in words; empty where nothing was spoken."""
        if not self._duration:
            return ""
        whole = "" if self._segments is None else f" of {self._segments}"
        return f"{self._spoken}{whole} {unit} ({format_seconds(self._duration)})"

    def line(self) -> str:
        """Share, speech so far and the time remaining; empty of what is short or has no end."""
        if not self._segments or self._segments < LONG or not self._spoken:
            return ""
        left = (self._clock() - self._began) * (self._segments / self._spoken - 1)
        return (
            f"{self._spoken / self._segments:.0%} spoken: {format_seconds(self._duration)}"
            f" of speech, {format_seconds(round(left))} left"
        )


def format_seconds(seconds: float) -> str:
    """A length of time in words: `2.6 s`, `42 s`, `3 min 20 s`, `2 h 5 min`.

    A short one is told to a tenth, unless it was given in whole seconds.
    """
    if seconds < 10 and not isinstance(seconds, int):
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def format_bytes(count: float) -> str:
    """A number of bytes in the unit that suits it, such as `12.3 MB`, a thousand kB each."""
    if count < 1000:
        return f"{count:.0f} B"
    for unit in ("kB", "MB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count / 1000:.1f} GB"
