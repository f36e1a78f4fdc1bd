"""One line of standard error that renews itself; where it cannot, as in a log, one now and then."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import TextIO


class StatusLine:
    """A line on how far something has come; shown and cleared from any thread.

    Args:
        stream: Where to; standard error by default.
        clock: The time in seconds.
        renew_seconds: How long a line on a terminal stays at least.
        repeat_seconds: How long it is from one line of a log to the next.

    Attributes:
        is_terminal: Whether the line renews itself.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        clock: Callable[[], float] = monotonic,
        *,
        renew_seconds: float = 0.2,
        repeat_seconds: float = 30.0,
    ) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self.is_terminal = self._stream.isatty()
        self._pause = renew_seconds if self.is_terminal else repeat_seconds
        self._next_time = clock() + self._pause
        self._shown = ""
        self._lock = Lock()

    @property
    def columns(self) -> int:
        """How many characters a terminal shows of a line; one more would begin another."""
        return shutil.get_terminal_size().columns - 1

    def is_due(self) -> bool:
        """Whether the line before has stood long enough."""
        return self._clock() >= self._next_time

    def show(self, line: str) -> None:
        """Show a line in place of the one before."""
        with self._lock:
            self._next_time = self._clock() + self._pause
            if self.is_terminal:
                line = line[: self.columns]
                self._stream.write(f"\r{line.ljust(len(self._shown))}")
                self._shown = line
            else:
                self._stream.write(f"utterly: {line}\n")
            self._stream.flush()

    def clear(self) -> None:
        """Take it away, so that something else can be written."""
        with self._lock:
            if self._shown:
                self._stream.write(f"\r{' ' * len(self._shown)}\r")
                self._stream.flush()
            self._shown = ""
