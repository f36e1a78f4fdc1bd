"""Daemon threads that are used again.

Executors are no use here: the interpreter waits for their threads at exit, so that one hung engine
would hold up the end of the program.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TypeAlias

_logger = logging.getLogger("utterly.engine")

_Inbox: TypeAlias = SimpleQueue[Callable[[], object]]

IDLE_SECONDS = 10.0
"""How long a thread without work is kept."""


class DaemonThreads:
    """Runs each piece of work at once, on a waiting thread or else on a new one."""

    def __init__(self, name: str = "utterly") -> None:
        self._name = name
        self.forget()

    def forget(self) -> None:
        """Drop all threads, as after a fork: they exist in the parent only."""
        self._lock = Lock()
        self._waiting: deque[_Inbox] = deque()
        self._busy = 0

    @property
    def are_busy(self) -> bool:
        """Whether any of them is at work."""
        return self._busy > 0

    def start(self, work: Callable[[], object]) -> None:
        """Run `work` on another thread; what it raises is logged."""
        with self._lock:
            inbox = self._waiting.pop() if self._waiting else None
            self._busy += 1
        if inbox is None:
            inbox = SimpleQueue()
            Thread(target=self._run, args=(inbox,), name=self._name, daemon=True).start()
        inbox.put(work)

    def _run(self, inbox: _Inbox) -> None:
        while work := self._next(inbox):
            try:
                work()
            except BaseException:  # the thread belongs to nobody who could handle it
                _logger.exception("work on an Utterly thread failed")
            del work  # what it holds is not kept alive by a thread that only waits
            with self._lock:
                self._busy -= 1
                self._waiting.append(inbox)

    def _next(self, inbox: _Inbox) -> Callable[[], object] | None:
        """Wait for work; `None` when there was none for a while and the thread may end."""
        try:
            return inbox.get(timeout=IDLE_SECONDS)
        except Empty:
            with self._lock:
                if inbox in self._waiting:
                    self._waiting.remove(inbox)
                    return None
            # Somebody took this thread at the last moment: the work is on its way.
            return inbox.get()


threads = DaemonThreads()
"""The threads of this process."""
