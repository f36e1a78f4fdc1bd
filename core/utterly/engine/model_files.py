"""The files of one engine's model: looked for, fetched and removed without loading it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from utterly.cancellation import Cancellation
from utterly.engine.hooks import EngineHooks
from utterly.engine.loader import ModelLoader
from utterly.engine.loading import Loading
from utterly.engine.model import SharedModel
from utterly.errors import UnsupportedError
from utterly.events import Event
from utterly.policy import Policy


class ModelFiles:
    """What `ensure_model` and `remove_model` look after.

    Args:
        hooks: The engine's.
        policy: How long to wait for progress.
        emit: Told each step.
    """

    def __init__(self, hooks: EngineHooks, policy: Policy, emit: Callable[[Event], None]) -> None:
        self._hooks = hooks
        self._policy = policy
        self._loader = ModelLoader(hooks, policy, emit)

    @property
    def are_needed(self) -> bool:
        """Whether the engine has files at all."""
        return self._hooks.has("ensure_model")

    def ensure(self, cancellation: Cancellation, *, refresh: bool = False) -> None:
        """Have the files, verified; fetched where the hooks may use the network.

        Args:
            cancellation: Ends it.
            refresh: Verify anew what was verified before.

        Raises:
            EngineError: They are not there, and cannot be fetched.
            RequestCancelledError: Cancelled meanwhile.
        """
        self._wait_for(partial(self._loader.prepare, refresh=refresh), cancellation)

    def remove(self, cancellation: Cancellation) -> int | None:
        """Delete the files.

        Returns:
            How many bytes were freed, as far as the engine knows.

        Raises:
            EngineError: They cannot be deleted; `UnsupportedError` where the engine has no hook.
            RequestCancelledError: Cancelled meanwhile.
        """
        if not self._hooks.has("remove_model"):
            raise UnsupportedError("the engine cannot remove its model; delete the files by hand")
        freed = self._wait_for(self._loader.remove, cancellation)
        return freed if isinstance(freed, int) and freed >= 0 else None

    def _wait_for(self, work: Callable[[Loading], Any], cancellation: Cancellation) -> Any:
        """Wait as for a model that is being loaded: until there is no progress any more."""
        waiting = SharedModel(work, lambda _result: None, policy="never", idle_seconds=0.0)
        return waiting.get(cancellation, self._policy, lambda _stage: None)
