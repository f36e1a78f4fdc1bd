"""How far a long text has come, in a notebook: one line that renews itself, and goes in the end."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Any

from utterly.events import Event, RequestEnded, SegmentSpoken
from utterly.progress import SpeakingProgress

RENEW_SECONDS = 0.5


def in_notebook() -> bool:
    """Whether the program is a notebook's kernel; nothing is imported to find out."""
    if "ipykernel" not in sys.modules or "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"


class NotebookProgress:
    """Shows how far each request has come; hand it every event.

    A request that is short shows nothing at all, and a long one a single line: however many events
    there are, the page does not grow.
    """

    def __init__(self) -> None:
        self._by_request: dict[int, _Shown] = {}

    def __call__(self, event: Event) -> None:
        """Take note of one event, and show it if it is time to."""
        number = getattr(event, "request", None)
        if number is None:
            return
        shown = self._by_request.setdefault(number, _Shown())
        shown.progress(event)
        if isinstance(event, SegmentSpoken):
            shown.renew()
        elif isinstance(event, RequestEnded):
            shown.clear()
            del self._by_request[number]


class _Shown:
    """The line of one request."""

    def __init__(self) -> None:
        self.progress = SpeakingProgress()
        self._handle: Any = None
        self._told = monotonic()

    def renew(self) -> None:
        """Show the line, unless that was done a moment ago."""
        line, now = self.progress.line(), monotonic()
        if not line or now - self._told < RENEW_SECONDS:
            return
        self._told = now
        self._show({"text/plain": line})

    def clear(self) -> None:
        """Leave nothing in the page."""
        if self._handle is not None:
            self._show({"text/plain": "", "text/html": ""})

    def _show(self, data: dict[str, str]) -> None:
        if self._handle is None:
            # It is there, for this is a notebook; a library of ours it is not.
            display = sys.modules["IPython"].display.display
            self._handle = display(data, raw=True, display_id=True)
        else:
            self._handle.update(data, raw=True)
