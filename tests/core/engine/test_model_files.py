"""Tests of model files: how long they are waited for, and what is believed of an engine."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

from utterly import (
    EngineInfo,
    RequestCancelledError,
    StageTimeoutError,
    UnsupportedError,
    hookimpl,
)
from utterly.cancellation import Cancellation
from utterly.engine.hooks import EngineHooks
from utterly.engine.model_files import ModelFiles
from utterly.events import EnginePrepared, EnginePreparing, EngineProgress
from utterly.plugins import Plugins
from utterly.policy import Policy
from utterly.testing import Fault, RecordingObserver, ScriptedEngine

IMPATIENT = Policy(prepare_seconds=0.05)


def files_of(
    engine: object,
    policy: Policy | None = None,
    emit: Callable[[Any], None] = lambda _event: None,
    *,
    offline: bool = False,
) -> ModelFiles:
    """The files of an engine that is installed nowhere."""
    plugins = Plugins()
    plugins.register_engine(engine, "first")
    hooks = EngineHooks("first", plugins.engine("first"), None, offline=offline)
    return ModelFiles(hooks, policy or Policy(), emit)


class Removing:
    """An engine that says of removing whatever it is told to say."""

    utterly_api = 1

    def __init__(self, answer: object) -> None:
        self.answer = answer

    @hookimpl
    def describe(self) -> EngineInfo:
        """The least there is."""
        return EngineInfo("Removing", "local", ("en",), 24_000)

    @hookimpl
    def remove_model(self) -> Any:
        """The answer."""
        return self.answer

    @hookimpl
    def synthesize(self) -> None:
        """Say nothing."""


def test_fetching_is_told() -> None:
    """Whoever waits sees how far it is."""
    observer = RecordingObserver()

    files_of(ScriptedEngine(model_present=False), emit=observer).ensure(Cancellation())

    kinds = [type(event) for event in observer.events]
    assert [EnginePreparing, EngineProgress, EnginePrepared] == kinds


@pytest.mark.parametrize(
    ("place", "method"), [("ensure_model", "ensure"), ("remove_model", "remove")]
)
def test_hang_is_given_up(place: Any, method: str) -> None:
    """Guarantee 4, bounded: without progress nobody waits longer than the policy says."""
    with ScriptedEngine(Fault(place, kind="hang", stubborn=True)) as engine:
        files = files_of(engine, IMPATIENT)

        with pytest.raises(StageTimeoutError, match=r"no progress in preparing within 0\.05 s"):
            getattr(files, method)(Cancellation())


def test_cancelling_ends_the_waiting() -> None:
    """Though the hook goes on."""
    with ScriptedEngine(Fault("ensure_model", kind="hang", stubborn=True)) as engine:
        cancellation = Cancellation()
        files = files_of(engine)
        Thread(target=cancellation.set).start()

        with pytest.raises(RequestCancelledError):
            files.ensure(cancellation)


@pytest.mark.parametrize("answer", [None, -1, "much", 2.5])
def test_strange_number_of_bytes_is_left_out(answer: object) -> None:
    """It comes from a plugin."""
    assert files_of(Removing(answer)).remove(Cancellation()) is None


def test_number_of_bytes_is_told() -> None:
    """What the engine counted."""
    assert 12 == files_of(Removing(12)).remove(Cancellation())


def test_engine_without_the_hook_is_unsupported() -> None:
    """It is optional, and there is something else that can be done."""

    class Plain(Removing):
        remove_model = None  # type: ignore[assignment]  # takes the hook away

    with pytest.raises(UnsupportedError, match="by hand"):
        files_of(Plain(None)).remove(Cancellation())
