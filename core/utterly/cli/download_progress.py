"""How far a download has come: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from threading import Lock
from time import monotonic
from typing import TextIO

from utterly.cli.progress import StatusLine
from utterly.events import EngineProgress, Event
from utterly.plugins.origin import one_line
from utterly.progress import format_bytes, format_seconds

BAR_WIDTH = 20
SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_BARS = 0.1
SECONDS_BEFORE_RATE = 0.5
"""What has gone on for less says nothing about the rest."""


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
            return ", ".join(filter(None, (amount, rate)))
        left = max(self.total - self.done, 0.0)
        remaining = f"{format_seconds(round(left / self.rate))} left" if self.rate > 0 else ""
        whole = f"{amount} of {format_bytes(self.total)}"
        return ", ".join(filter(None, (f"{self._share:.0%}", whole, rate, remaining)))

    @property
    def _share(self) -> float:
        return min(max(self.done / self.total, 0.0), 1.0)


class DownloadProgress:
    """Shows `EngineProgress` events; hand it to whatever tells events.

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
        self._name = ""
        self._began = (0.0, 0.0)

    def __call__(self, event: Event) -> None:
        """Show one event, if it is about progress and not too soon after the last."""
        if not isinstance(event, EngineProgress) or not isfinite(event.done):
            return
        with self._lock:
            now = self._clock()
            name = one_line(f"{event.engine}: {event.note}" if event.note else event.engine)
            if name != self._name:
                self._name, self._began = name, (now, event.done)
            elif not self._status.is_due() and event.done != event.total:
                return
            total = event.total if event.total and isfinite(event.total) else 0.0
            self._show(Download(name, event.done, max(total, 0.0), self._rate(now, event.done)))

    def clear(self) -> None:
        """Take the bar away, so that something else can be written."""
        self._status.clear()

    def _rate(self, now: float, done: float) -> float:
        since, before = self._began
        return (done - before) / (now - since) if now - since >= SECONDS_BEFORE_RATE else 0.0

    def _show(self, download: Download) -> None:
        if self._status.is_terminal:
            parts = (download.name, download.bar(), download.facts())
            self._status.show("  ".join(filter(None, parts)))
        else:
            self._status.show(f"{download.name}, {download.facts()}")
