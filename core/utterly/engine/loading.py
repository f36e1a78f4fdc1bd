"""One loading of a model, shared by everybody who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from utterly.cancellation import Cancellation
from utterly.engine.deadlines import Deadline
from utterly.errors import EngineError, RequestCancelledError
from utterly.policy import Policy
from utterly.speech import Stage


class Loading:
    """One loading under way; everybody who needs the model waits for the same one.

    Args:
        on_change: Called when its deadline may have become another one.

    Attributes:
        cancellation: Set when nobody waits for it any more.
        stage: How far it has come.
        done: Whether it is over.
        error: Why it failed.
        waiting: How many wait for it.
    """

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.cancellation = Cancellation()
        self.stage: Stage = "ensure_model"
        self.done = False
        self.error: EngineError | RequestCancelledError | None = None
        self.waiting = 0
        self._on_change = on_change
        self._since = monotonic()

    def enter(self, stage: Stage) -> None:
        """Note that a stage begins."""
        self.stage = stage
        self._since = monotonic()
        self._on_change()

    def progress(self) -> None:
        """Note that it is not stuck."""
        self._since = monotonic()

    def deadline(self, policy: Policy) -> Deadline:
        """When waiting for it ends: the same moment for everybody, however late they came."""
        seconds = policy.prepare_seconds if self.stage == "ensure_model" else policy.load_seconds
        return Deadline(self.stage, seconds, self._since + seconds)
