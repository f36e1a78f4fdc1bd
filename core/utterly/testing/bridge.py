"""Hooks called one way, whether they are written with `def` or with `async def`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Generator
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from utterly.plugins import Engine

_END = object()


class Bridge:
    """Calls the hooks of one engine; its event loop starts when one needs it.

    Args:
        plugin: The engine.
        arguments: Handed to every hook: `engine` and `settings`.
    """

    def __init__(self, plugin: Engine, **arguments: Any) -> None:
        self._plugin = plugin
        self._arguments = arguments

    def call(self, hook: str, **arguments: Any) -> Any:
        """What the hook returns, awaited if need be; `None` where the engine lacks it."""
        if not self._plugin.has(hook):
            return None
        result = self._plugin.call(hook, **self._arguments, **arguments)
        return self._run(result) if isinstance(result, Awaitable) else result

    def items(self, hook: str, **arguments: Any) -> Generator[Any, None, None]:
        """What the hook yields; closing this closes the engine's iterator too."""
        result = self.call(hook, **arguments)
        if isinstance(result, AsyncIterable):
            result = self._iterate(result)
        yield from result

    def close(self) -> None:
        """End the event loop, if there is one."""
        if "_loop" in vars(self):
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _iterate(self, items: AsyncIterable[Any]) -> Generator[Any, None, None]:
        iterator = aiter(items)
        try:
            while (item := self._run(_next(iterator))) is not _END:
                yield item
        finally:
            if close := getattr(iterator, "aclose", None):
                self._run(close())

    def _run(self, awaitable: Awaitable[Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(_await(awaitable), self._loop).result()

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        self._thread = Thread(target=loop.run_forever, name="utterly-bridge", daemon=True)
        self._thread.start()
        return loop


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


async def _next(iterator: Any) -> Any:
    return await anext(cast("Any", iterator), _END)
