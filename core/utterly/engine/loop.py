"""An event loop of an engine's own, on a daemon thread, for hooks that are `async def`."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from threading import Thread
from typing import Any

from utterly.engine.executor import DaemonExecutor


class EngineLoop:
    """An event loop that runs until it is closed."""

    def __init__(self, engine: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(DaemonExecutor())
        Thread(target=self._run, name=f"utterly-{engine}-loop", daemon=True).start()

    def start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine as a task; it handles its own errors."""
        self._loop.call_soon_threadsafe(lambda: self._loop.create_task(coroutine))

    def close(self) -> None:
        """End the loop once its tasks have been cancelled; do not wait for it."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            for task in (tasks := asyncio.all_tasks(self._loop)):
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()
