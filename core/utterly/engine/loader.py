"""Preparing, loading and unloading: the hooks around a model, with the events that tell of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from utterly.cancellation import Cancellation
from utterly.engine.faults import name_error
from utterly.engine.hooks import EngineHooks
from utterly.engine.loading import Loading
from utterly.errors import EngineError, RequestCancelledError
from utterly.events import (
    EngineLoaded,
    EngineLoading,
    EnginePrepared,
    EnginePreparing,
    EngineProgress,
    EngineUnloaded,
    EngineUnloadFailed,
    EngineUnloading,
    Event,
)
from utterly.policy import Policy


class ModelLoader:
    """Brings an engine's model into memory and gives it back.

    Args:
        hooks: The engine's.
        policy: How long loading may take, for the hook to know.
        emit: Told each step.
    """

    def __init__(self, hooks: EngineHooks, policy: Policy, emit: Callable[[Event], None]) -> None:
        self._hooks = hooks
        self._policy = policy
        self._engine = hooks.engine
        self._emit = emit

    def prepare(self, loading: Loading, *, refresh: bool = False) -> Any:
        """Have the model files; on a thread of ours, as `load` and `remove` are.

        Args:
            loading: What it is a part of.
            refresh: Verify anew what was verified before.

        Raises:
            EngineError: The hook failed.
            RequestCancelledError: It was told to stop, and did.
        """
        self._emit(EnginePreparing(self._engine))
        began = monotonic()
        files = self._call("ensure_model", loading, refresh=refresh)
        self._emit(EnginePrepared(self._engine, monotonic() - began))
        return files

    def remove(self, loading: Loading) -> Any:
        """Delete the model files; raises as `prepare` does."""
        return self._call("remove_model", loading)

    def load(self, loading: Loading) -> Any:
        """Prepare, then load; on a thread of ours, for as long as the engine takes.

        Raises:
            EngineError: A hook failed.
            RequestCancelledError: It was told to stop, and did.
        """
        files = self.prepare(loading) if self._hooks.has("ensure_model") else None
        if loading.cancellation.is_set():
            raise RequestCancelledError("cancelled")
        loading.enter("load")
        if not self._hooks.has("load"):
            return None
        self._emit(EngineLoading(self._engine))
        began = monotonic()
        deadline = loading.deadline(self._policy).at
        model = self._call("load", loading, model_files=files, deadline=deadline)
        self._emit(EngineLoaded(self._engine, monotonic() - began))
        return model

    def unload(self, model: Any) -> None:
        """Give the model back; a failure is reported, never raised."""
        if not (self._hooks.has("load") and self._hooks.has("unload")):
            return
        self._emit(EngineUnloading(self._engine))
        began = monotonic()
        try:
            self._hooks.start("unload", Cancellation(), report=self._tell, model=model).result()
        except EngineError as error:
            self._emit(EngineUnloadFailed(self._engine, name_error(error), str(error)))
        else:
            self._emit(EngineUnloaded(self._engine, monotonic() - began))

    def _call(self, hook: str, loading: Loading, **arguments: Any) -> Any:
        call = self._hooks.start(
            hook, loading.cancellation, report=partial(self._report, loading), **arguments
        )
        # Until it is truly over: a hook that ignores cancellation must not be called once more.
        call.wait()
        return call.result()

    def _report(self, loading: Loading, done: float, total: float | None, note: str) -> None:
        loading.progress()
        self._tell(done, total, note)

    def _tell(self, done: float, total: float | None, note: str) -> None:
        self._emit(EngineProgress(self._engine, done, total, note))
