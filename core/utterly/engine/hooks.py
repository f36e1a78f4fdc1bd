"""Calling the hooks of one configured engine."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

from utterly.cancellation import Cancellation
from utterly.context import Context, ProgressCallback, ignore_progress
from utterly.engine.calls import Call
from utterly.engine.items import map_items
from utterly.engine_info import EngineInfo

if TYPE_CHECKING:
    from utterly.engine.loop import EngineLoop
    from utterly.plugins import Engine


def _nothing() -> None:
    """Do nothing at the end of a call."""


class EngineHooks:
    """The hooks of one engine, each call on a thread of ours or on the engine's own event loop.

    Args:
        engine: The configured name.
        plugin: What runs them.
        settings: The plugin's settings, filled in.
        offline: Whether to connect to no address beyond loopback.
    """

    def __init__(self, engine: str, plugin: Engine, settings: Any, *, offline: bool) -> None:
        self.engine = engine
        self.plugin = plugin
        self.offline = offline
        self._settings = settings
        self._logger = logging.getLogger(f"utterly.engines.{engine}")
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork: the loop's thread is the parent's."""
        self.plugin.forget()
        self._lock = Lock()
        self._loop: EngineLoop | None = None

    @property
    def info(self) -> EngineInfo:
        """The engine's facts."""
        return self.plugin.info

    def has(self, hook: str) -> bool:
        """Whether the plugin implements a hook."""
        return self.plugin.has(hook)

    def start(
        self,
        hook: str,
        cancellation: Cancellation,
        *,
        yields: bool = False,
        through: Callable[[Any], Any] | None = None,
        knows_text: bool = False,
        offline: bool | None = None,
        refresh: bool = False,
        deadline: float | None = None,
        awaited: bool = False,
        report: ProgressCallback = ignore_progress,
        on_end: Callable[[], None] = _nothing,
        **arguments: Any,
    ) -> Call:
        """Begin to call a hook.

        Args:
            hook: Its name.
            cancellation: Asks it to stop.
            yields: Whether it is to yield items, or else to return one value.
            through: What each item passes through where it is made, before the hook goes on.
            knows_text: Whether it gets text of the user's.
            offline: For its context, like the next four; by default as for all calls.
            refresh: See there.
            deadline: `monotonic()` at which the call is given up.
            awaited: Whether somebody has nothing to hear yet.
            report: Told its progress.
            on_end: Called once when it is truly over.
            **arguments: The hook's own.
        """
        context = Context(
            offline=self.offline if offline is None else offline,
            refresh=refresh,
            deadline=deadline,
            awaited=awaited,
            logger=self._logger,
            _cancellation=cancellation,
            _report=report,
        )
        common = {"engine": self.engine, "settings": self._settings, "context": context}

        def begin() -> Any:
            result = self.plugin.call(hook, **common, **arguments)
            return result if through is None else map_items(through, result)

        call = Call(
            begin,
            loop=self._open_loop,
            cancellation=cancellation,
            yields=yields,
            knows_text=knows_text,
            on_end=on_end,
        )
        return call.start(is_async=self.plugin.is_async(hook))

    def is_usable(self, model: Any) -> bool:
        """Whether what `load` returned is still there to speak with."""
        return self.plugin.is_usable(model)

    def end_calls(self) -> None:
        """End calls that did not end in time, where there is a way to do so."""
        self.plugin.end_calls()

    def close(self) -> None:
        """End the event loop or the process of the engine, if there is one."""
        self.plugin.close()
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.close()

    def _open_loop(self) -> EngineLoop:
        with self._lock:
            if self._loop is None:
                from utterly.engine.loop import EngineLoop

                self._loop = EngineLoop(self.engine)
            return self._loop
