"""Engines that are registered once and play another script in each test."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from typing import Any
from uuid import uuid4
from weakref import WeakSet

import pytest
from tests.faults.matrix import CELLS, Cell
from tests.faults.process_script import CELL, RECORD, SOURCE, ProcessScript

from utterly import hookimpl
from utterly.audio import Audio
from utterly.context import Context
from utterly.engine_info import EngineInfo
from utterly.health_book import HealthKey
from utterly.plugins.registry import Plugins
from utterly.request import SpeechRequest
from utterly.testing import Fault, ScriptedEngine, write_distribution

SAMPLE_RATES = {"first": 24_000, "second": 22_050, "third": 48_000, "fourth": 16_000}
"""The engines, with rates of their own: a take-over is a change of rate too."""

CHUNK_SECONDS = 0.05
IMPORT_SECONDS = 1.0


class Delegate:
    """An engine that hands every call on to a scripted engine.

    Args:
        info: What it says of itself, whatever the script.

    Attributes:
        script: The scripted engine; to be set before anything but `describe` is called.
    """

    utterly_api = 1

    def __init__(self, info: EngineInfo) -> None:
        self.info = info
        self.script: Any = None

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts."""
        return self.info


class BlockingDelegate(Delegate):
    """One with ordinary hooks; each does what the script's does."""

    @hookimpl
    def voices(self, context: Context) -> Any:
        """See the class."""
        return self.script.voices(context)

    @hookimpl
    def ensure_model(self, context: Context) -> Any:
        """See the class."""
        return self.script.ensure_model(context)

    @hookimpl
    def load(self, model_files: Any, context: Context) -> Any:
        """See the class."""
        return self.script.load(model_files, context)

    @hookimpl
    def synthesize(self, model: Any, request: SpeechRequest, context: Context) -> Any:
        """See the class."""
        return self.script.synthesize(model, request, context)

    @hookimpl
    def unload(self, model: Any, context: Context) -> None:
        """See the class."""
        self.script.unload(model, context)


class AsyncDelegate(Delegate):
    """One with `async def` hooks; each does what the script's does."""

    @hookimpl
    async def voices(self, context: Context) -> Any:
        """See the class."""
        return await self.script.voices(context)

    @hookimpl
    async def ensure_model(self, context: Context) -> Any:
        """See the class."""
        return await self.script.ensure_model(context)

    @hookimpl
    async def load(self, model_files: Any, context: Context) -> Any:
        """See the class."""
        return await self.script.load(model_files, context)

    @hookimpl
    async def unload(self, model: Any, context: Context) -> None:
        """See the class."""
        await self.script.unload(model, context)


class GeneratorDelegate(AsyncDelegate):
    """Its `synthesize` is an async generator."""

    @hookimpl
    async def synthesize(
        self, model: Any, request: SpeechRequest, context: Context
    ) -> AsyncIterator[Audio]:
        """See the class."""
        async for audio in self.script.synthesize(model, request, context):
            yield audio


class CoroutineDelegate(AsyncDelegate):
    """Its `synthesize` is a coroutine: a generator cannot return `None`."""

    @hookimpl
    async def synthesize(self, model: Any, request: SpeechRequest, context: Context) -> Any:
        """See the class."""
        return await self.script.synthesize(model, request, context)


_FORMS: dict[str, type[Delegate]] = {
    "blocking": BlockingDelegate,
    "async": GeneratorDelegate,
    "coroutine": CoroutineDelegate,
}


class Ensemble:
    """Every engine in every form, registered apart from those of the process.

    Attributes:
        plugins: Where a speaker finds them.
    """

    def __init__(self) -> None:
        self.plugins = Plugins(import_seconds=IMPORT_SECONDS)
        self._delegates: dict[str, Delegate] = {}
        for engine, sample_rate in SAMPLE_RATES.items():
            script = ScriptedEngine(name=engine, sample_rate=sample_rate, concurrency=1)
            info = replace(script.info, streams=True)
            for form, kind in _FORMS.items():
                self._delegates[f"{engine}_{form}"] = delegate = kind(info)
                self.plugins.register_engine(delegate, f"{engine}_{form}")

    def install(self, engine: str, *faults: Fault, is_async: bool = False) -> ScriptedEngine:
        """Give one engine a new script.

        Args:
            engine: One of `SAMPLE_RATES`.
            *faults: What goes wrong with it.
            is_async: Whether its hooks are `async def`.

        Returns:
            The scripted engine; its title is the name to ask for.
        """
        returns_none = any(fault.kind == "none" for fault in faults)
        form = "blocking" if not is_async else "coroutine" if returns_none else "async"
        script = ScriptedEngine(
            *faults,
            name=f"{engine}_{form}",
            is_async=is_async,
            sample_rate=SAMPLE_RATES[engine],
            seconds=0.15,
            chunk=CHUNK_SECONDS,
        )
        self._delegates[script.info.title].script = script
        return script

    def install_apart(self, cell: Cell, folder: Path, patch: pytest.MonkeyPatch) -> ProcessScript:
        """Have the faulty engine of a cell installed, to be run in a process of its own.

        Args:
            cell: What it is to play.
            folder: Where to write what it is asked, and itself; on `sys.path` already.
            patch: Undone when the cell was played.

        Returns:
            What is asked of it; its name is that of its position, with `_process`.
        """
        name = f"{cell.position}_process"
        if not (folder / f"utterly_{name}.py").exists():
            source = SOURCE.format(position=cell.position, sample_rate=SAMPLE_RATES[cell.position])
            entry = f"{name} = utterly_{name}:engine"
            write_distribution(folder, f"utterly_{name}", source=source, entry=entry)
        record = folder / f"{cell}-{uuid4().hex}.jsonl"
        patch.setenv(CELL, str(CELLS.index(cell)))
        patch.setenv(RECORD, str(record))
        return ProcessScript(record)


_others: WeakSet[Thread] = WeakSet()
"""Threads of other tests, which may still wait for something."""


@contextmanager
def open_ensemble() -> Iterator[Ensemble]:
    """Have speakers use an ensemble, and threads end as soon as they have nothing to do."""
    ensemble = Ensemble()
    _others.update(enumerate_threads())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("utterly.speaker_base.installed_plugins", lambda: ensemble.plugins)
        patch.setattr("utterly.engine.threads.IDLE_SECONDS", 0.0)
        patch.setattr("utterly.decisions.FIRST_PAUSE", 0.001)
        try:
            yield ensemble
        finally:
            for name in [name for name in sys.modules if name.startswith(_DESCRIBE_BADLY)]:
                sys.modules.pop(name).engine.release()


_DESCRIBE_BADLY = "utterly_describe_badly_"
_BAD_DESCRIPTION = """
from utterly.testing import Fault, ScriptedEngine

engine = ScriptedEngine(Fault("describe", kind={!r}), is_async={})
"""


@contextmanager
def describe_badly(folder: Path, fault: Fault, *, is_async: bool) -> Iterator[str]:
    """Have an engine installed that cannot even say what it is.

    Yields:
        Its name.
    """
    module = f"{_DESCRIBE_BADLY}{fault.kind}_{'async' if is_async else 'blocking'}"
    name = module.removeprefix("utterly_")
    source = _BAD_DESCRIPTION.format(fault.kind, is_async)
    write_distribution(folder, module, source=source, entry=f"{name} = {module}:engine")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield name


def health_key(engine: str) -> HealthKey:
    """What the health of an engine without settings is kept by."""
    return (engine, engine, None)


def threads_at_work() -> list[str]:
    """Names of Utterly's threads, but for those that still import a plugin or were there before."""
    found = (thread.name for thread in enumerate_threads() if thread not in _others)
    return [n for n in found if n.startswith("utterly") and not n.startswith("utterly-import")]
