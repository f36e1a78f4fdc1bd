"""Tests of a model's life: shared, counted, given back once and never in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from time import monotonic
from typing import Any

import pytest

from utterly import (
    ClosedError,
    EngineError,
    ModelDownloadError,
    Policy,
    RequestCancelledError,
)
from utterly.cancellation import Cancellation
from utterly.engine.loading import Loading
from utterly.engine.model import SharedModel, UnloadPolicy


class Life:
    """Records loading and unloading."""

    def __init__(self, policy: UnloadPolicy, idle_seconds: float = 300.0) -> None:
        self.loads = 0
        self.unloaded: list[Any] = []
        self.given_back = Event()
        self.before_load: Callable[[Loading], None] = lambda _loading: None
        self.while_unloading: Callable[[], object] = lambda: None
        self.model = SharedModel(self._load, self._unload, policy=policy, idle_seconds=idle_seconds)

    def _load(self, loading: Loading) -> str:
        self.before_load(loading)
        self.loads += 1
        return f"model {self.loads}"

    def _unload(self, model: Any) -> None:
        self.unloaded.append(model)
        self.given_back.set()
        self.while_unloading()

    def get(self) -> Any:
        """The model, without ever giving up."""
        return self.model.get(Cancellation(), Policy(), lambda _stage: None)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the model."""
        self.model.hold()
        try:
            yield
        finally:
            self.model.release()

    def use(self) -> Any:
        """Hold the model, have it loaded, let go."""
        with self.held():
            return self.get()


def run_in_threads(count: int, work: Callable[[], None]) -> None:
    """Run the same work on several threads at once."""
    barrier = Barrier(count)

    def run() -> None:
        barrier.wait(10)
        work()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def test_one_load_serves_all_threads() -> None:
    """Threads that need the model at the same time wait for the same loading."""
    life = Life("never")

    run_in_threads(20, life.use)

    assert 1 == life.loads


def test_after_request_gives_the_model_back_when_the_last_one_lets_go() -> None:
    """Two holds, one unload, at the end."""
    life = Life("after-request")
    with life.held():
        life.use()
        still_there = life.model.is_loaded
    life.model.wait_until_unloaded(10)

    assert (True, ["model 1"]) == (still_there, life.unloaded)


def test_a_model_given_back_is_loaded_again_when_needed() -> None:
    """Each model is given back once."""
    life = Life("after-request")
    life.use()
    life.use()
    life.model.wait_until_unloaded(10)

    assert ["model 1", "model 2"] == life.unloaded


def test_idle_gives_the_model_back_after_a_while() -> None:
    """Nobody has to ask for it."""
    life = Life("idle", idle_seconds=0.01)
    life.use()

    assert life.given_back.wait(10)


def test_idle_never_gives_back_a_model_in_use() -> None:
    """However short the idle time, a hold is respected."""
    life = Life("idle", idle_seconds=0.0)
    with life.held():
        life.get()
        unloaded_in_use = life.given_back.wait(0.05)

    assert not unloaded_in_use
    assert life.given_back.wait(10)


def test_never_gives_nothing_back_before_closing() -> None:
    """Closing is what ends a model that is never to be unloaded."""
    life = Life("never")
    life.use()
    before = list(life.unloaded)
    life.model.close(monotonic() + 10)

    assert ([], ["model 1"]) == (before, life.unloaded)


def test_closing_twice_gives_back_once() -> None:
    """Exactly once."""
    life = Life("idle")
    life.use()
    life.model.close(monotonic() + 10)
    life.model.close(monotonic() + 10)

    assert ["model 1"] == life.unloaded


def test_a_model_that_is_being_given_back_is_not_given_back_again() -> None:
    """Unloading may take its time, and whatever happens meanwhile changes nothing."""
    life, go_on = Life("idle"), Event()
    life.while_unloading = lambda: go_on.wait(10)
    life.use()
    life.model.close(monotonic())
    life.given_back.wait(10)
    life.model.close(monotonic() + 0.05)
    go_on.set()
    life.model.close(monotonic() + 10)

    assert ["model 1"] == life.unloaded


def test_closing_does_not_take_a_model_away_from_its_user() -> None:
    """A model in use at closing is given back when its user lets go, though nobody waits then."""
    life = Life("idle")
    with life.held():
        life.get()
        in_time = life.model.close(monotonic())
        unloaded_in_use = life.given_back.wait(0.05)

    assert (False, False) == (in_time, unloaded_in_use)
    assert life.given_back.wait(10)


def test_a_closed_model_takes_no_new_users() -> None:
    """Whoever comes after closing is told so."""
    life = Life("idle")
    life.model.close(monotonic())

    with pytest.raises(ClosedError, match="make a new one"):
        life.model.hold()


def test_a_failed_loading_is_everybodys() -> None:
    """Those who waited for a loading that failed do not each try again."""
    life = Life("never")
    failures: list[EngineError] = []
    tries: list[int] = []
    all_waiting = Event()

    def fail(loading: Loading) -> None:
        tries.append(1)
        while loading.waiting < 5:
            pass
        all_waiting.set()
        raise ModelDownloadError("no network")

    def use() -> None:
        try:
            life.use()
        except EngineError as error:
            failures.append(error)

    life.before_load = fail
    run_in_threads(5, use)

    assert (1, 5) == (len(tries), len(failures))


def test_after_a_failure_loading_is_tried_again() -> None:
    """A failure is not for ever."""
    life = Life("never")

    def fail(_loading: Loading) -> None:
        raise ModelDownloadError("no network")

    life.before_load = fail
    with pytest.raises(ModelDownloadError):
        life.use()
    life.before_load = lambda _loading: None

    assert "model 1" == life.use()


def test_a_defect_in_loading_leaves_nobody_waiting() -> None:
    """Whatever ends a loading, those who wait are told."""
    life = Life("never")

    def fail(_loading: Loading) -> None:
        raise SystemExit(1)

    life.before_load = fail

    with pytest.raises(EngineError, match="SystemExit"):
        life.use()


def test_cancelled_waiting_leaves_the_loading_to_others() -> None:
    """One who gives up takes the loading away from nobody."""
    life = Life("never")
    both_wait, go_on = Event(), Event()
    cancelled_in_load: list[bool] = []
    cancellation = Cancellation()

    def load_slowly(loading: Loading) -> None:
        while loading.waiting < 2:
            pass
        both_wait.set()
        go_on.wait(10)
        cancelled_in_load.append(loading.cancellation.is_set())

    def give_up() -> None:
        with life.held(), pytest.raises(RequestCancelledError):
            life.model.get(cancellation, Policy(), lambda _stage: None)

    life.before_load = load_slowly
    other, impatient = Thread(target=life.use), Thread(target=give_up)
    other.start()
    impatient.start()
    both_wait.wait(10)
    cancellation.set()
    impatient.join(10)
    go_on.set()
    other.join(10)

    assert [False] == cancelled_in_load


def test_a_loading_that_nobody_waits_for_is_cancelled() -> None:
    """A download that nobody wants any more is told to stop."""
    life = Life("never")
    begun, stopped = Event(), Event()
    cancellation = Cancellation()

    def load_slowly(loading: Loading) -> None:
        with loading.cancellation.calling(stopped.set):
            begun.set()
            stopped.wait(10)

    def use() -> None:
        with life.held(), pytest.raises(RequestCancelledError):
            life.model.get(cancellation, Policy(), lambda _stage: None)

    life.before_load = load_slowly
    user = Thread(target=use)
    user.start()
    begun.wait(10)
    cancellation.set()
    user.join(10)

    assert stopped.is_set()
