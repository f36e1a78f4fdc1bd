"""A model's life: loaded once, shared and counted, given back exactly once and never in use."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from threading import Condition
from time import monotonic
from typing import Any, Literal, TypeAlias

from utterly.cancellation import Cancellation
from utterly.engine.deadlines import Deadline
from utterly.engine.faults import as_engine_error
from utterly.engine.loading import Loading
from utterly.engine.threads import threads
from utterly.errors import ClosedError, RequestCancelledError
from utterly.policy import Policy
from utterly.speech import Stage

UnloadPolicy: TypeAlias = Literal["after-request", "idle", "never"]
"""When a model that nobody holds is given back."""


class _State(Enum):
    ABSENT = auto()
    LOADING = auto()
    LOADED = auto()
    UNLOADING = auto()


class SharedModel:
    """The model of one engine in one speaker.

    Whoever uses it holds it: a request from its first use to its end, and each call of `synthesize`
    for as long as the engine is truly busy with it. When nobody holds it, the policy decides.

    Args:
        load: Prepares and loads; runs on a thread of ours.
        unload: Gives the model back; runs on a thread of ours, never raises.
        is_usable: Whether a model is still there; one that is not is loaded anew when it is wanted.
        policy: When to give it back.
        idle_seconds: How long `"idle"` waits.
    """

    def __init__(
        self,
        load: Callable[[Loading], Any],
        unload: Callable[[Any], None],
        is_usable: Callable[[Any], bool] = lambda _model: True,
        *,
        policy: UnloadPolicy,
        idle_seconds: float,
    ) -> None:
        self._load = load
        self._unload = unload
        self._is_usable = is_usable
        self._policy = policy
        self._idle_seconds = idle_seconds
        self.forget()

    def forget(self) -> None:
        """Begin anew without giving anything back, as after a fork: the model is the parent's."""
        self._changed = Condition()
        self._state = _State.ABSENT
        self._model: Any = None
        self._loading: Loading | None = None
        self._holds = 0
        self._idle_since = 0.0
        self._watched = False
        self._closed = False
        self._discarded = False

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._state is _State.LOADED

    def hold(self) -> None:
        """Keep the model, once there is one, until `release`.

        Raises:
            ClosedError: The speaker was closed.
        """
        with self._changed:
            if self._closed:
                raise ClosedError("the speaker is closed; make a new one")
            self._holds += 1

    def release(self) -> None:
        """Let go; when the last one does so, the model may be given back."""
        with self._changed:
            self._holds -= 1
            self._settle()

    def get(
        self, cancellation: Cancellation, policy: Policy, on_stage: Callable[[Stage], None]
    ) -> Any:
        """The model, loaded now if need be; the caller holds it.

        Args:
            cancellation: Stops the waiting; the loading itself only when nobody waits any more.
            policy: How long to wait.
            on_stage: Told the stage that the loading is in.

        Raises:
            EngineError: Preparing or loading failed; `StageTimeoutError` where it took too long.
            RequestCancelledError: Cancelled while waiting.
        """
        with cancellation.calling(self._notify), self._changed:
            while not cancellation.is_set():
                if self._state is _State.LOADED:
                    if self._is_usable(self._model):
                        return self._model
                    self._model, self._state = None, _State.ABSENT
                if self._state is _State.UNLOADING:
                    self._wait(Deadline.after("load", policy.load_seconds), self._is_unloaded)
                    continue
                loading = self._join_loading(cancellation, policy, on_stage)
                # A loading that others gave up before we joined it is no failure: begin again.
                if loading.error and not isinstance(loading.error, RequestCancelledError):
                    raise loading.error
        raise RequestCancelledError("cancelled")

    def discard(self) -> None:
        """Give the model back as soon as nobody holds it, whatever the policy: it does harm."""
        with self._changed:
            self._discarded = True
            self._settle()

    def close(self, deadline: float) -> bool:
        """Take no new holds, and give the model back as soon as nobody holds it.

        Args:
            deadline: `monotonic()` until which to wait for that.

        Returns:
            Whether it was given back in time.
        """
        with self._changed:
            self._closed = True
            self._settle()
            return self._changed.wait_for(self._is_at_rest, max(0.0, deadline - monotonic()))

    def wait_until_unloaded(self, seconds: float) -> None:
        """Wait while the model is being given back, at most for a time."""
        with self._changed:
            self._changed.wait_for(self._is_unloaded, seconds)

    # What follows is called with the lock held, or on a thread of ours.

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _is_unloaded(self) -> bool:
        return self._state is not _State.UNLOADING

    def _wait(self, deadline: Deadline, until: Callable[[], bool]) -> None:
        if not self._changed.wait_for(until, deadline.left()):
            raise deadline.exceeded()

    def _is_at_rest(self) -> bool:
        return self._state is _State.ABSENT and not self._holds

    def _join_loading(
        self, cancellation: Cancellation, policy: Policy, on_stage: Callable[[Stage], None]
    ) -> Loading:
        """Wait for the loading under way, or for one that begins now."""
        if self._loading is None:
            self._loading = begun = Loading(self._notify)
            self._state = _State.LOADING
            threads.start(lambda: self._run_loading(begun))
        loading = self._loading
        loading.waiting += 1
        try:
            while not (loading.done or cancellation.is_set()):
                deadline = loading.deadline(policy)
                on_stage(loading.stage)
                if not deadline.left():
                    raise deadline.exceeded()
                self._changed.wait(deadline.left())
        finally:
            on_stage(loading.stage)
            loading.waiting -= 1
            if not loading.waiting:
                loading.cancellation.set()
        return loading

    def _run_loading(self, loading: Loading) -> None:
        model: Any = None
        try:
            model = self._load(loading)
        except BaseException as error:  # noqa: BLE001  # nobody must wait for a loading that is over
            loading.error = as_engine_error(error, cancelled=loading.cancellation.is_set())
        with self._changed:
            loading.done = True
            self._loading = None
            self._state = _State.ABSENT if loading.error else _State.LOADED
            self._model = model
            self._settle()

    def _settle(self) -> None:
        """See what the policy wants of a model that nobody holds, and tell those who wait."""
        self._changed.notify_all()
        if self._holds or self._state is not _State.LOADED:
            return
        if self._closed or self._discarded or self._policy == "after-request":
            self._begin_unloading()
        elif self._policy == "idle":
            self._idle_since = monotonic()
            if not self._watched:
                self._watched = True
                threads.start(self._watch_idle)

    def _begin_unloading(self) -> None:
        model, self._model = self._model, None
        self._discarded = False
        self._state = _State.UNLOADING
        threads.start(lambda: self._run_unloading(model))

    def _run_unloading(self, model: Any) -> None:
        self._unload(model)
        del model  # gone before anybody hears that it is
        with self._changed:
            self._state = _State.ABSENT
            self._changed.notify_all()

    def _watch_idle(self) -> None:
        """Wait until nobody has held the model for the idle time."""
        with self._changed:
            while self._state is _State.LOADED:
                if self._holds:
                    self._changed.wait()
                elif (left := self._idle_since + self._idle_seconds - monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self._begin_unloading()
            self._watched = False
