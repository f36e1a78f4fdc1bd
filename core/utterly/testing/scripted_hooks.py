"""The hooks of a scripted engine, blocking and async: one script, waited for in two ways."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from utterly.audio import Audio
from utterly.hookspecs import hookimpl
from utterly.testing.scripted import Pause, ScriptedEngine, SpokenSteps, Steps, Value

if TYPE_CHECKING:
    from utterly.context import Context
    from utterly.engine_info import Voice
    from utterly.request import SpeechRequest
    from utterly.testing.record import ScriptedModel


class BlockingScriptedEngine(ScriptedEngine, form="blocking"):
    """A scripted engine with ordinary hooks."""

    @hookimpl
    def voices(self, context: Context) -> tuple[Voice, ...]:
        """The voices given."""
        return self._finish(self._list_voices(context))

    @hookimpl
    def ensure_model(self, context: Context) -> str:
        """Something to load."""
        return self._finish(self._ensure_model(context))

    @hookimpl
    def remove_model(self, context: Context) -> int:
        """Nothing to load any more."""
        return self._finish(self._remove_model(context))

    @hookimpl
    def load(self, model_files: str, context: Context) -> ScriptedModel:
        """A model of its own for each call."""
        return self._finish(self._load(model_files, context))

    @hookimpl
    def unload(self, model: ScriptedModel, context: Context) -> None:
        """Record that the model was given back."""
        self._finish(self._unload(model, context))

    @hookimpl
    def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> Iterator[Audio] | None:
        """Speak the coded tone."""
        fault = self._next_fault(request)
        if fault and fault.kind == "none":
            return None
        return self._play(self._speak(model, request, fault, context))

    def _finish(self, steps: Steps[Value]) -> Value:
        while True:
            try:
                self._rest(next(steps))
            except StopIteration as end:
                value: Value = end.value
                return value

    def _play(self, steps: SpokenSteps) -> Iterator[Audio]:
        with closing(steps):
            for step in steps:
                if isinstance(step, Pause):
                    self._rest(step)
                else:
                    yield step


class _AsyncHooks(ScriptedEngine):
    """What both kinds of async engine share."""

    @hookimpl
    async def voices(self, context: Context) -> tuple[Voice, ...]:
        """The voices given."""
        return await self._finish(self._list_voices(context))

    @hookimpl
    async def ensure_model(self, context: Context) -> str:
        """Something to load."""
        return await self._finish(self._ensure_model(context))

    @hookimpl
    async def remove_model(self, context: Context) -> int:
        """Nothing to load any more."""
        return await self._finish(self._remove_model(context))

    @hookimpl
    async def load(self, model_files: str, context: Context) -> ScriptedModel:
        """A model of its own for each call."""
        return await self._finish(self._load(model_files, context))

    @hookimpl
    async def unload(self, model: ScriptedModel, context: Context) -> None:
        """Record that the model was given back."""
        await self._finish(self._unload(model, context))

    async def _finish(self, steps: Steps[Value]) -> Value:
        while True:
            try:
                pause = next(steps)
            except StopIteration as end:
                value: Value = end.value
                return value
            await _sleep(pause)

    async def _play(self, steps: SpokenSteps) -> AsyncIterator[Audio]:
        with closing(steps):
            for step in steps:
                if isinstance(step, Pause):
                    await _sleep(step)
                else:
                    yield step


class AsyncScriptedEngine(_AsyncHooks, form="async"):
    """A scripted engine whose `synthesize` is an async generator."""

    @hookimpl
    async def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> AsyncIterator[Audio]:
        """Speak the coded tone."""
        fault = self._next_fault(request)
        async for audio in self._play(self._speak(model, request, fault, context)):
            yield audio


class CoroutineScriptedEngine(_AsyncHooks, form="coroutine"):
    """A scripted engine whose `synthesize` is a coroutine: a generator cannot return `None`."""

    @hookimpl
    async def synthesize(
        self, model: ScriptedModel, request: SpeechRequest, context: Context
    ) -> AsyncIterator[Audio] | None:
        """Speak the coded tone."""
        fault = self._next_fault(request)
        if fault and fault.kind == "none":
            return None
        return self._play(self._speak(model, request, fault, context))


async def _sleep(pause: Pause) -> None:
    """Wait as an async hook does: a cancellation gets through unless the pause is stubborn."""
    import asyncio

    try:
        await asyncio.sleep(pause.seconds)
    except asyncio.CancelledError:
        if not pause.stubborn:
            raise
