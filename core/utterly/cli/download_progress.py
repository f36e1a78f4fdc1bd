"""What an engine does before it speaks: a line that renews itself, or one now and then in a log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from threading import Lock
from time import monotonic
from typing import TextIO

from utterly.cli.progress import StatusLine
from utterly.events import EngineLoading, EngineProgress, Event
from utterly.plugins.origin import one_line
from utterly.progress import format_bytes, format_seconds

BAR_WIDTH = 20
SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_BARS = 0.1
SECONDS_BEFORE_RATE = 1.5
"""What has gone on for less says nothing about the rest."""
LONGEST_REMAINING = 24 * 3600.0
"""Nobody can tell what is more than a day away: something is in the way just now."""


@dataclass(frozen=True, slots=True)
class Download:
    """How far one download has come.

    Attributes:
        name: The engine, and what is being fetched.
        done: Bytes that are there.
        total: Bytes in all, 0 where that is not known.
        rate: Bytes a second, 0 where that is not known yet.
    """

    name: str
    done: float
    total: float
    rate: float

    def bar(self) -> str:
        """The share as a picture; empty where it is not known."""
        if not self.total:
            return ""
        full = round(self._share * BAR_WIDTH)
        return f"[{'#' * full}{'-' * (BAR_WIDTH - full)}]"

    def facts(self) -> str:
        """Share, amount, rate and the time remaining, as far as they are known."""
        amount = format_bytes(self.done)
        rate = f"{format_bytes(self.rate)}/s" if self.rate > 0 else ""
        if not self.total:
            return ", ".join(filter(None, (amount, rate))) if self.done else ""
        left = max(self.total - self.done, 0.0)
        is_told = 0 < left < self.rate * LONGEST_REMAINING
        remaining = f"{format_seconds(round(left / self.rate))} left" if is_told else ""
        whole = f"{amount} of {format_bytes(self.total)}"
        return ", ".join(filter(None, (f"{self._share:.0%}", whole, rate, remaining)))

    @property
    def _share(self) -> float:
        return min(max(self.done / self.total, 0.0), 1.0)


class DownloadProgress:
    """Shows `EngineProgress` events; hand it to whatever tells events.

    All files of one download are one piece of work: the same engine and total, and bytes that only
    grow. A log has a line where work begins, one now and then, and one where all is there. What is
    only being done, without a number, passes on a terminal, and is in a log where it takes long.

    Args:
        stream: Where to; standard error by default.
        clock: The time in seconds.
    """

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._clock = clock
        self._status = StatusLine(
            stream,
            clock,
            renew_seconds=SECONDS_BETWEEN_BARS,
            repeat_seconds=SECONDS_BETWEEN_LINES,
        )
        self._lock = Lock()
        self._work = ("", 0.0)
        self._began = (0.0, 0.0)
        self._done = 0.0

    def __call__(self, event: Event) -> None:
        """Show one event, if it is about progress and not too soon after the last."""
        with self._lock:
            if isinstance(event, EngineLoading):
                self._loading(event)
            elif isinstance(event, EngineProgress) and isfinite(event.done):
                self._progress(event)

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        self._status.clear()

    def _loading(self, event: EngineLoading) -> None:
        """Loading takes seconds, and says nothing before its end."""
        if self._status.is_terminal:
            self._status.show(one_line(f"{event.engine}: loading"))

    def _progress(self, event: EngineProgress) -> None:
        total = event.total if event.total and isfinite(event.total) else 0.0
        begins, ends = self._take_note(event.engine, event.done, max(total, 0.0))
        if begins or ends or self._status.is_due():
            name = one_line(f"{event.engine}: {event.note}" if event.note else event.engine)
            self._show(Download(name, self._done, self._work[1], self._rate()))

    def _take_note(self, engine: str, done: float, total: float) -> tuple[bool, bool]:
        """Whether work of a known size begins or ends with this."""
        is_new = (engine, total) != self._work or done < self._done
        ends = bool(total) and done >= total and (is_new or self._done < total)
        if is_new:
            self._work, self._began = (engine, total), (self._clock(), done)
        self._done = done
        return is_new and bool(total), ends

    def _rate(self) -> float:
        since, before = self._began
        passed = self._clock() - since
        return (self._done - before) / passed if passed >= SECONDS_BEFORE_RATE else 0.0

    def _show(self, download: Download) -> None:
        name, facts = download.name, download.facts()
        if not self._status.is_terminal:
            self._status.show(", ".join(filter(None, (name, facts))))
            return
        shorter = ((name, download.bar(), facts), (name, facts), (f"{self._work[0]}:", facts))
        lines = ["  ".join(filter(None, parts)) for parts in shorter]
        fitting = (line for line in lines if len(line) <= self._status.columns)
        self._status.show(next(fitting, lines[-1] if facts else name))
