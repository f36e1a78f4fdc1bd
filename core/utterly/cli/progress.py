"""How far long work has come, in one line of standard error that renews itself."""

from __future__ import annotations

import sys
from threading import Lock
from time import monotonic

import click

from utterly.events import Event, RequestEnded, RequestStarted, SegmentSkipped, SegmentSpoken

LONG = 5
"""Sentences from which on it is worth telling."""

RENEW_SECONDS = 0.2
REPEAT_SECONDS = 30.0
"""How often a line is written where it cannot be renewed, as in a log."""


class SpeakingProgress:
    """Tells how much of a request is spoken, and how long the rest will take.

    Args:
        is_told: Whether it is written at all; else it is only counted.
    """

    def __init__(self, *, is_told: bool) -> None:
        self._is_told = is_told
        self._spoken = 0
        self._segments: int | None = None
        self._duration = 0.0
        self._renews = sys.stderr.isatty()
        self._began = monotonic()
        self._told = monotonic()
        self._shown = False
        self._lock = Lock()

    def __call__(self, event: Event) -> None:
        """Take note of one event, and tell it if it is time to."""
        with self._lock:
            match event:
                case RequestStarted(segments=segments):
                    self._segments = segments
                    self._began = monotonic()
                case SegmentSpoken(duration=duration, complete=complete):
                    self._spoken += complete
                    self._duration += duration
                    self._tell()
                case SegmentSkipped():
                    self._spoken += 1
                case RequestEnded(duration=duration):
                    self._duration = duration
                    self._clear()

    def describe(self) -> str:
        """How far it came, in words; empty where nothing was spoken."""
        if not self._duration:
            return ""
        share = f"{self._spoken} of {self._segments} sentences"
        return f"{share} ({describe_seconds(self._duration)})"

    def clear(self) -> None:
        """Make room for a line of somebody else's."""
        with self._lock:
            self._clear()

    def _tell(self) -> None:
        if not self._is_told or not self._segments or self._segments < LONG:
            return
        now = monotonic()
        if now - self._told < (RENEW_SECONDS if self._renews else REPEAT_SECONDS):
            return
        self._told = now
        line = f"{self._spoken / self._segments:4.0%} spoken: {describe_seconds(self._duration)}"
        line += f" of speech, {describe_seconds(self._remaining(now))} left"
        if self._renews:
            click.echo(f"\r{line:<60}", nl=False, err=True)
            self._shown = True
        else:
            click.echo(f"utterly: {line.strip()}", err=True)

    def _remaining(self, now: float) -> float:
        assert self._segments  # noqa: S101  # for the type checker
        return (now - self._began) * (self._segments - self._spoken) / max(1, self._spoken)

    def _clear(self) -> None:
        if self._shown:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
            self._shown = False


def describe_seconds(seconds: float) -> str:
    """A length of time as people write it: `3.2 s`, `4:05` or `1:02:03`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
