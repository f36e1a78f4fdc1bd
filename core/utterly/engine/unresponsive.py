"""Calls that go on after they were told to stop."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from utterly.engine.calls import Call
from utterly.engine.threads import threads
from utterly.events import EngineUnresponsive, Event

GRACE_SECONDS = 2.0
"""How long an engine that was told to stop may take to do so."""


class UnresponsiveCalls:
    """Counts an engine's calls that do not stop, and tells of them.

    Args:
        engine: The configured name.
        emit: Told when their number changes.
    """

    def __init__(self, engine: str, emit: Callable[[Event], None]) -> None:
        self._engine = engine
        self._emit = emit
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork."""
        self._lock = Lock()
        self._count = 0

    def watch(self, call: Call) -> None:
        """Look after a call that was given up."""
        threads.start(lambda: self._watch(call))

    def _watch(self, call: Call) -> None:
        if call.wait(GRACE_SECONDS):
            return
        self._change(1)
        call.wait()
        self._change(-1)

    def _change(self, by: int) -> None:
        with self._lock:
            self._count += by
            count = self._count
        self._emit(EngineUnresponsive(self._engine, count))
