"""One hook under way in another process, as the program sees it."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from utterly.errors import EngineCrashedError
from utterly.isolation.messages import Done, Failed, Progress

if TYPE_CHECKING:
    from utterly.audio import Audio

GRACE_SECONDS = 0.5
"""How long a hook may take to stop once it was told to."""

Arrival: TypeAlias = "Progress | Audio | Done | Failed | EngineCrashedError"


class RemoteCall:
    """What comes of one hook.

    Args:
        patience: `monotonic()` at which it is given up although nobody told it to stop.

    Attributes:
        is_over: Whether its end has come.
    """

    def __init__(self, patience: float | None) -> None:
        self.is_over = False
        self._patience = patience
        self._inbox: SimpleQueue[Arrival | None] = SimpleQueue()

    def deliver(self, arrival: Arrival) -> None:
        """Hand over what has come; on the thread that listens to the process."""
        self._inbox.put(arrival)

    def fail(self, crash: EngineCrashedError) -> None:
        """Hand over that the process has ended; anew, since several threads will raise it."""
        self.deliver(EngineCrashedError(str(crash), exit_code=crash.exit_code))

    def expect_end(self, until: float | None) -> None:
        """Wait no longer than until then, on the clock of `monotonic()`."""
        if until is not None:
            self._patience = until if self._patience is None else min(until, self._patience)
        self._inbox.put(None)

    def next(self, seconds: float | None) -> Arrival | None:
        """Wait for what comes next.

        Args:
            seconds: How long, at most.

        Returns:
            `None` where nothing came.

        Raises:
            TimeoutError: It is given up; said once, then there is time to see what becomes of it.
        """
        if self._patience is not None:
            left = self._patience - monotonic()
            seconds = left if seconds is None else min(left, seconds)
            if left <= 0 and self._inbox.empty():
                self._patience = None
                raise TimeoutError
        try:
            arrival = self._inbox.get(timeout=None if seconds is None else max(0.0, seconds))
        except Empty:
            return None
        self.is_over = isinstance(arrival, Done | Failed | EngineCrashedError)
        return arrival
