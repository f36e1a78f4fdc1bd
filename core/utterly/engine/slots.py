"""How many segments an engine speaks at the same time; the others wait their turn."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock

from utterly.cancellation import Cancellation
from utterly.engine.deadlines import Deadline
from utterly.errors import RequestCancelledError


class Slots:
    """A counted set of turns, given out in the order they were asked for.

    Args:
        count: How many may be taken at once.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._lock = Lock()
        self._waiting: deque[Event] = deque()

    def take(self, cancellation: Cancellation, deadline: Deadline | None = None) -> None:
        """Wait for a turn and take it.

        Raises:
            RequestCancelledError: Cancelled while waiting; no turn is taken.
            StageTimeoutError: It took too long; no turn is taken.
        """
        with self._lock:
            if self._free and not self._waiting:
                self._free -= 1
                return
            turn = Event()
            self._waiting.append(turn)
        try:
            with cancellation.calling(turn.set):
                in_time = turn.wait(None if deadline is None else deadline.left())
        except BaseException:  # an interrupt of the caller's
            self._leave(turn)
            raise
        if cancellation.is_set():
            self._leave(turn)
            raise RequestCancelledError("cancelled")
        if deadline is not None and not in_time:
            self._leave(turn)
            raise deadline.exceeded()

    def give_back(self) -> None:
        """Give a turn back, to the one who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1

    @property
    def all_taken(self) -> bool:
        """Whether the next one would have to wait."""
        return not self._free

    def _leave(self, turn: Event) -> None:
        """Stop waiting; a turn that came in the last moment goes to the next."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return
        self.give_back()
