"""One line of standard error that renews itself; where it cannot, as in a log, one now and then."""

from __future__ import annotations

import sys
from threading import Lock
from time import monotonic

import click

RENEW_SECONDS = 0.2
REPEAT_SECONDS = 30.0


class StatusLine:
    """A line on how far something has come."""

    def __init__(self) -> None:
        self._renews = sys.stderr.isatty()
        self._told = monotonic()
        self._shown = ""
        self._lock = Lock()

    def show(self, line: str) -> None:
        """Show a line in place of the one before, unless that is too new; a blank one is none."""
        with self._lock:
            now = monotonic()
            pause = RENEW_SECONDS if self._renews else REPEAT_SECONDS
            if not line or now - self._told < pause:
                return
            self._told = now
            if self._renews:
                click.echo(f"\r{line.ljust(len(self._shown))}", nl=False, err=True)
                self._shown = line
            else:
                click.echo(f"utterly: {line}", err=True)

    def clear(self) -> None:
        """Take it away, so that something else can be written."""
        with self._lock:
            if self._shown:
                click.echo("\r" + " " * len(self._shown) + "\r", nl=False, err=True)
                self._shown = ""
