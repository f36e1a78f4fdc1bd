"""From an entry point to a plugin that can be used, whatever the plugin does on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pluggy

from utterly.errors import PluginError
from utterly.plugins.candidate import Candidate
from utterly.plugins.checks import find_fault
from utterly.plugins.explanations import explained
from utterly.plugins.info_checks import find_info_fault
from utterly.plugins.origin import ENGINE, Fault, Origin
from utterly.plugins.plugin import EnginePlugin, ExtensionPlugin, Plugin

if TYPE_CHECKING:
    from utterly.engine_info import EngineInfo


def load_plugin(origin: Origin, get_target: Callable[[], Any]) -> Plugin:
    """Import, check and register one plugin, alone in a manager of its own.

    Args:
        origin: Which plugin it is.
        get_target: Brings the target, usually by importing it.

    Raises:
        PluginError: It cannot be used.
    """
    manager = pluggy.PluginManager("utterly")
    manager.add_hookspecs(origin.kind.specs)
    with explained(origin, "importing it"):
        target = get_target()
    with explained(origin, "looking at it"):
        fault = find_fault(Candidate.read(origin.kind, target, manager))
    if fault:
        raise origin.refuse(fault)
    with explained(origin, "registering it"):
        manager.register(target, origin.name)
    if origin.kind is ENGINE:
        return EnginePlugin(origin, manager, _describe(origin, manager))
    return ExtensionPlugin(origin, manager)


def hang_fault(origin: Origin, seconds: float) -> Fault:
    """Say that reading a plugin took too long."""
    return Fault(f"importing it took longer than {seconds:g} s", origin.update_or_disable())


class Loading:
    """One plugin on its way in: read once, whoever asks, on a daemon thread of ours.

    A thread, because an import that hangs cannot be stopped, only left behind. A plugin that is
    merely slow becomes usable when it is done.
    """

    def __init__(self, origin: Origin, get_target: Callable[[], Any]) -> None:
        self._origin = origin
        self._get_target = get_target
        self._done = threading.Event()
        self._began = time.monotonic()
        self._plugin: Plugin | None = None
        self._error: BaseException | None = None

    def start(self) -> None:
        """Begin; to be called once."""
        name = f"utterly-import-{self._origin.name}"
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def wait(self, seconds: float | None) -> Plugin:
        """The plugin, as soon as it is there.

        Args:
            seconds: Limit, counted from the beginning; `None` for no limit.

        Raises:
            PluginError: It cannot be used, or not yet.
        """
        if not self._finished_within(seconds):
            raise self._origin.refuse(hang_fault(self._origin, seconds or 0.0))
        if self._plugin is None:
            raise self._failure()
        return self._plugin

    def _finished_within(self, seconds: float | None) -> bool:
        """Wait for the thread, at most until its time is up."""
        if seconds is None:
            return self._done.wait()
        return self._done.wait(max(0.0, self._began + seconds - time.monotonic()))

    def _run(self) -> None:
        """Read the plugin and keep what came of it."""
        try:
            self._plugin = load_plugin(self._origin, self._get_target)
        except BaseException as error:  # noqa: BLE001  # raised again in whoever asks
            self._error = error
        finally:
            self._done.set()

    def _failure(self) -> BaseException:
        """A new exception each time: one raised in several threads would mix up its tracebacks."""
        error = self._error
        if not isinstance(error, PluginError):
            return error or RuntimeError("loading ended without a result")
        fresh = PluginError(error.plugin, error.distribution, error.reason, error.mend)
        fresh.__cause__ = error.__cause__
        return fresh


def _describe(origin: Origin, manager: pluggy.PluginManager) -> EngineInfo:
    """Ask a registered engine for its facts."""
    with explained(origin, "describe()"):
        info: EngineInfo = manager.hook.describe()
        fault = find_info_fault(info)
    if fault:
        raise origin.refuse(fault)
    return info
