"""How far a download has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import TextIO

from utterly.events import EngineProgress, Event
from utterly.plugins.origin import one_line

BAR_WIDTH = 20
SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_BARS = 0.1
SECONDS_BEFORE_RATE = 0.5
"""What has gone on for less says nothing about the rest."""


@dataclass(frozen=True, slots=True)
class _Start:
    """When a download, known by its engine and note, was first heard of, and how far it was."""

    name: str
    time: float
    done: float


class DownloadProgress:
    """Shows `EngineProgress` events; hand it to whatever tells events.

    Args:
        stream: Where to; standard error by default.
        clock: The time in seconds.
    """

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._clock = clock
        self._lock = Lock()
        self._start: _Start | None = None
        self._next_time = 0.0
        self._width = 0

    def __call__(self, event: Event) -> None:
        """Show one event, if it is about progress and not too soon after the last."""
        if not isinstance(event, EngineProgress):
            return
        with self._lock:
            now = self._clock()
            name = one_line(f"{event.engine}: {event.note}" if event.note else event.engine)
            if self._start is None or self._start.name != name:
                self._start = _Start(name, now, event.done)
            elif now < self._next_time and event.done != event.total:
                return
            self._show(describe(event, self._start, now))
            pause = SECONDS_BETWEEN_BARS if self._is_terminal else SECONDS_BETWEEN_LINES
            self._next_time = now + pause

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        with self._lock:
            if self._width:
                self._stream.write("\r" + " " * self._width + "\r")
                self._stream.flush()
            self._width = 0

    def _show(self, parts: list[str]) -> None:
        if self._is_terminal:
            line = "  ".join(parts)[: shutil.get_terminal_size().columns - 1]
            self._stream.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            self._stream.write("utterly: " + " ".join(part for part in parts if "[" not in part))
            self._stream.write("\n")
        self._stream.flush()


def describe(event: EngineProgress, start: _Start, now: float) -> list[str]:
    """What is known of a download: name, bar, share, amount, rate, time remaining."""
    seconds = now - start.time
    rate = (event.done - start.done) / seconds if seconds >= SECONDS_BEFORE_RATE else 0.0
    told_rate = f"{format_bytes(rate)}/s" if rate > 0 else ""
    if not event.total or event.total <= 0:
        return [part for part in (start.name, format_bytes(event.done), told_rate) if part]
    share = min(max(event.done / event.total, 0.0), 1.0)
    left = f"{format_seconds((event.total - event.done) / rate)} left" if rate > 0 else ""
    amount = f"{format_bytes(event.done)} of {format_bytes(event.total)}"
    parts = (start.name, _bar(share), f"{share:4.0%}", amount, told_rate, left)
    return [part for part in parts if part]


def format_bytes(count: float) -> str:
    """A number of bytes in the unit that suits it: `12.3 MB`, of 1000 kB."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def format_seconds(seconds: float) -> str:
    """A length of time in words: `42 s`, `3 min 20 s`, `2 h 5 min`."""
    minutes, rest = divmod(round(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _bar(share: float) -> str:
    full = round(share * BAR_WIDTH)
    return f"[{'#' * full}{'-' * (BAR_WIDTH - full)}]"
