"""What a hook may know of the call it serves, and how it hears of cancellation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from utterly.cancellation import Cancellation
from utterly.errors import RequestCancelledError

ProgressCallback = Callable[[float, float | None, str], None]


def ignore_progress(done: float, total: float | None, note: str) -> None:
    """Take progress that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to every hook that names it; it grows by attributes.

    Attributes:
        offline: Connect to no address beyond loopback.
        refresh: `voices` may ask the network for a newer list; `ensure_model` verifies anew what it
            verified before.
        deadline: `time.monotonic()` at which the call is given up, `None` where none is fixed:
            preparing may take as long as it makes progress.
        awaited: Somebody listens, and has nothing to hear yet: let the first piece of audio be a
            short one.
        logger: For the plugin's own messages; never for text of the user's.
    """

    offline: bool = False
    refresh: bool = False
    deadline: float | None = None
    awaited: bool = False
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("utterly.plugin"))
    _cancellation: Cancellation = field(default_factory=Cancellation, repr=False)
    _report: ProgressCallback = field(default=ignore_progress, repr=False)

    def cancelled(self) -> bool:
        """Whether the result is no longer wanted."""
        return self._cancellation.is_set()

    def when_cancelled(self, callback: Callable[[], object]) -> AbstractContextManager[None]:
        """Within a `with` block, have something done as soon as the result is no longer wanted.

        Args:
            callback: Ends what the hook waits for, such as a connection; called on another thread,
                and at once where the result is not wanted already.
        """
        return self._cancellation.calling(callback)

    def progress(self, done: float, total: float | None = None, note: str = "") -> None:
        """Tell how far long work has come; also proof that it is not stuck.

        Args:
            done: How much is done, in any unit.
            total: How much there is in all, where known.
            note: What is being done, in a few words.

        Raises:
            RequestCancelledError: The result is no longer wanted; let it pass.
        """
        if self.cancelled():
            raise RequestCancelledError("cancelled")
        self._report(done, total, note)
