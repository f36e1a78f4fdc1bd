"""The engines of a speaker that run in processes of their own, each begun once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from utterly.errors import EngineUnavailableError, PluginError, SettingsError, UtterlyError
from utterly.events import Event
from utterly.isolation.engine import IsolatedEngine
from utterly.isolation.launch import Launch
from utterly.plugins.interpreter import can_start_python

if TYPE_CHECKING:
    from utterly.plugins.entries import Entry


class IsolatedEngines:
    """Begins engines and keeps them; what cannot be begun is not tried again.

    Args:
        emit: Told when a process ends that was not asked to.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._begun: dict[str, IsolatedEngine] = {}
        self._failed: dict[tuple[str, Entry], Callable[[], UtterlyError]] = {}
        self.forget()

    def forget(self) -> None:
        """Begin anew in the child of a fork; each engine is told by its session."""
        self._locks: dict[str, Lock] = {}

    def get(self, launch: Launch) -> IsolatedEngine:
        """The engine of a configured name.

        Raises:
            PluginError: Its plugin cannot be used.
            SettingsError: Its settings are wrong.
            EngineUnavailableError: No process can be started here.
        """
        if not can_start_python():
            raise EngineUnavailableError(
                "there is no Python to start a process with", mend='set isolation = "none"'
            )
        with self._locks.setdefault(launch.engine, Lock()):
            known = self._begun.get(launch.engine)
            if known is None or known.launch.entry != launch.entry:
                known = self._begun[launch.engine] = self._begin(launch)
            return known

    def _begin(self, launch: Launch) -> IsolatedEngine:
        failed = self._failed.get((launch.engine, launch.entry))
        if failed is not None:
            raise failed()
        try:
            return IsolatedEngine(launch, self._emit)
        except PluginError as error:
            facts = (error.plugin, error.distribution, error.reason, error.mend)
            self._keep(launch, partial(PluginError, *facts))
            raise
        except SettingsError as error:
            self._keep(launch, partial(SettingsError, str(error), source=error.source))
            raise

    def _keep(self, launch: Launch, make_error: Callable[[], UtterlyError]) -> None:
        """Keep a failure: a new exception each time, since one would grow with each traceback."""
        self._failed[launch.engine, launch.entry] = make_error
