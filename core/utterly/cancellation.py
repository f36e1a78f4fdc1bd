"""A request's cancellation: set once, seen by everybody who works or waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock


class Cancellation:
    """A flag that can wake those who wait.

    Waiting code registers a callback for as long as it waits; `set()` calls each one, on the
    thread that cancels.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._set = False
        self._callbacks: list[Callable[[], object]] = []

    def is_set(self) -> bool:
        """Whether the result is no longer wanted."""
        return self._set

    def set(self) -> None:
        """Cancel; a second time changes nothing."""
        with self._lock:
            if self._set:
                return
            self._set = True
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def wait(self, seconds: float) -> bool:
        """Wait for a while, or until cancelled.

        Returns:
            Whether it was cancelled.
        """
        woken = Event()
        with self.calling(woken.set):
            return woken.wait(seconds)

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Call `callback` when cancelled within the block; at once if it already was."""
        with self._lock:
            self._callbacks.append(callback)
            already = self._set
        try:
            if already:
                callback()
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)

    @contextmanager
    def branch(self) -> Iterator[Cancellation]:
        """A cancellation for a part of the work: set with this one, or at the block's end."""
        own = Cancellation()
        with self.calling(own.set):
            try:
                yield own
            finally:
                own.set()
