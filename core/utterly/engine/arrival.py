"""A model on its way into memory while another engine speaks: `Policy(prepare="background")`."""

from __future__ import annotations

from threading import Lock

from utterly.cancellation import Cancellation
from utterly.engine.model import SharedModel
from utterly.engine.threads import threads
from utterly.errors import EngineError, RequestCancelledError, StillPreparingError
from utterly.policy import Policy


class Arrival:
    """Has a model prepared and loaded without anybody waiting for it.

    Args:
        model: It.
        policy: How long it may make no progress.
    """

    def __init__(self, model: SharedModel, policy: Policy) -> None:
        self._model = model
        self._policy = policy
        self._lock = Lock()
        self._cancellation = Cancellation()
        self._failure: EngineError | None = None
        self._under_way = False

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to wait for."""
        return self._under_way

    def expect(self) -> None:
        """Go on where the model is in memory; else begin to bring it there.

        Raises:
            StillPreparingError: It is not there yet.
            EngineError: It could not be had; told once, and tried again the next time.
        """
        with self._lock:
            failure, self._failure = self._failure, None
            if self._model.is_loaded:
                return
            if failure is not None:
                raise failure
            if not self._under_way:
                self._under_way = True
                threads.start(self._bring)
        raise StillPreparingError("its model is still on its way")

    def cancel(self) -> None:
        """Nobody wants it any more."""
        self._cancellation.set()

    def _bring(self) -> None:
        failure: EngineError | None = None
        try:
            self._model.get(self._cancellation, self._policy, lambda _stage: None)
        except EngineError as error:
            failure = error
        except RequestCancelledError:
            pass
        with self._lock:
            self._failure = failure
            self._under_way = False
