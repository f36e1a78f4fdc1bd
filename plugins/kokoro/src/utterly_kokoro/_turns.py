"""One model, several requests: whose turn it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turns:
    """A lock that is given to whoever has waited longest.

    `threading.Lock` goes to whoever asks at the right moment. That is mostly the one who has just
    given it back, so that a long text would keep all others waiting to its end.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, and have it for the length of the block."""
        turn = Lock()
        with self._lock:
            if self._taken:
                turn.acquire()  # until it is passed on
                self._waiting.append(turn)
            self._taken = True
        turn.acquire()
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
