"""Calling the hooks of one plugin."""

from __future__ import annotations

import inspect
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from utterly import EngineInfo, hookimpl
from utterly.plugins import EnginePlugin, Plugins


class Engine:
    """An engine with hooks of every form."""

    utterly_api = 1

    @hookimpl
    def describe(self) -> EngineInfo:
        """State the facts."""
        return EngineInfo("Engine", "local", ("en",), 24_000)

    @hookimpl(specname="voices")
    def list_voices(self, engine: str) -> tuple[str]:
        """Under another name, with one of three arguments."""
        return (engine,)

    @hookimpl
    async def load(self) -> str:
        """A coroutine."""
        return "model"

    @hookimpl
    async def synthesize(self, model: Any) -> AsyncIterator[Any]:
        """An asynchronous generator."""
        yield model

    @hookimpl
    def unload(self, model: Any) -> Iterator[Any]:
        """Raise."""
        raise LookupError(model)


@pytest.fixture
def engine(plugins: Plugins) -> EnginePlugin:
    """The engine, accepted."""
    plugins.register_engine(Engine(), "every_form")
    return plugins.engine("every_form")


@pytest.mark.parametrize(
    ("hook", "has"), [("describe", True), ("voices", True), ("ensure_model", False)]
)
def test_has_tells_which_hooks_there_are(engine: EnginePlugin, hook: str, has: bool) -> None:
    """Under the names of the specification."""
    assert has is engine.has(hook)


@pytest.mark.parametrize(
    ("hook", "is_async"),
    [("voices", False), ("load", True), ("synthesize", True), ("ensure_model", False)],
)
def test_is_async_tells_how_a_hook_was_written(
    engine: EnginePlugin, hook: str, is_async: bool
) -> None:
    """Coroutine functions and asynchronous generator functions, and nothing else."""
    assert is_async is engine.is_async(hook)


def test_call_passes_what_the_plugin_asked_for(engine: EnginePlugin) -> None:
    """All arguments are given, and the plugin gets those it names."""
    assert engine.call("voices", engine="studio", settings=1, context=2) == ("studio",)


def test_call_of_a_generator_runs_nothing_yet(engine: EnginePlugin) -> None:
    """The result is the asynchronous generator itself."""
    made = engine.call("synthesize", engine="studio", settings=1, model=2, request=3, context=4)

    assert inspect.isasyncgen(made)


def test_call_of_a_missing_hook_is_none(engine: EnginePlugin) -> None:
    """An engine without model files has none."""
    assert engine.call("ensure_model", engine="studio", settings=1, context=2) is None


def test_call_lets_exceptions_through(engine: EnginePlugin) -> None:
    """What a hook raises is for the caller to judge."""
    with pytest.raises(LookupError, match="m"):
        engine.call("unload", engine="studio", settings=1, model="m", context=2)


def test_plugins_do_not_hear_each_other(plugins: Plugins) -> None:
    """A hook that raises in one engine is called in that engine only."""

    class Calm(Engine):
        @hookimpl
        def unload(self, model: Any) -> Any:
            """Give the model back."""
            return model

    plugins.register_engine(Engine(), "every_form")
    plugins.register_engine(Calm(), "calm")

    assert plugins.engine("calm").call("unload", engine="", settings=1, model=2, context=3) == 2


def test_environment_is_set_before_a_hook_runs(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library finds what its engine declares, and the user's own variables as they were."""
    monkeypatch.delenv("ENGINE_CACHE", raising=False)
    monkeypatch.setenv("ENGINE_THREADS", "3")

    class Declaring(Engine):
        """One with a library that reads variables."""

        @hookimpl
        def describe(self) -> EngineInfo:
            """State them, too."""
            declared = {"ENGINE_CACHE": "128", "ENGINE_THREADS": "1"}
            return EngineInfo("Engine", "local", ("en",), 24_000, environment=declared)

    plugins.register_engine(Declaring(), "engine")
    found = [os.environ.get("ENGINE_CACHE")]
    plugins.engine("engine").call("voices", engine="engine", settings=None, context=None)
    found += [os.environ.get("ENGINE_CACHE"), os.environ.get("ENGINE_THREADS")]
    monkeypatch.delenv("ENGINE_CACHE")

    assert [None, "128", "3"] == found
