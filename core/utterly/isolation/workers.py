"""The processes of one engine: those that belong to somebody, and one that waits for the next."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from utterly.isolation.launch import Launch
from utterly.isolation.worker import Worker


class Workers:
    """Starts processes and ends them; safe to use from several threads.

    Args:
        launch: What to start.
        on_end: Told why one of them has ended that was not asked to.
    """

    def __init__(self, launch: Launch, on_end: Callable[[str], None]) -> None:
        self._launch = launch
        self._on_end = on_end
        self._lock = Lock()
        self._spare: Worker | None = None
        self._claimed: set[Worker] = set()

    def spare(self) -> Worker:
        """The one that belongs to nobody, started now if need be."""
        with self._lock:
            if self._spare is None or not self._spare.is_alive:
                self._spare = self._start()
            return self._spare

    def any(self) -> Worker:
        """One that can be asked for something; a new one only where there is none."""
        with self._lock:
            alive = [worker for worker in self._claimed if worker.is_alive]
        return alive[0] if alive else self.spare()

    def claim(self, wanted: Worker | None) -> Worker:
        """Have one for a model: the wanted one where it is free, the spare one, or a new one."""
        with self._lock:
            spare = self._spare
            if spare is None or not spare.is_alive or wanted not in (None, spare):
                spare = self._start()
            else:
                self._spare = None
            self._claimed.add(spare)
            return spare

    def release(self, worker: Worker) -> bool:
        """No model is in it any more, or soon will be; whether it was claimed until now."""
        with self._lock:
            was_claimed = worker in self._claimed
            self._claimed.discard(worker)
            return was_claimed

    def discard_spare(self) -> None:
        """End the one that belongs to nobody."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None:
            spare.discard()

    def kill_busy(self, reason: str) -> None:
        """End those in which a hook is at work."""
        for worker in self._all():
            if worker.is_busy:
                worker.kill(reason)

    def discard_all(self) -> None:
        """End all of them."""
        for worker in self._all():
            worker.discard()

    def abandon(self) -> None:
        """Let go of all of them in the child of a fork, whose parent's they are."""
        for worker in (*self._claimed, *filter(None, [self._spare])):
            worker.abandon()

    def _start(self) -> Worker:
        return Worker(self._launch, self._on_end)

    def _all(self) -> tuple[Worker, ...]:
        with self._lock:
            return (*self._claimed, *filter(None, [self._spare]))
