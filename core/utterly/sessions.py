"""The engine sessions of one speaker, opened when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from utterly.configuration import read_configuration
from utterly.configured_engines import ConfiguredEngines
from utterly.engine.session import EngineSession
from utterly.engine.session_options import SessionOptions
from utterly.errors import EngineUnavailableError
from utterly.events import Event

if TYPE_CHECKING:
    from utterly.plugins import Engine, Plugins


class Sessions:
    """Opens one session for each configured name and keeps it.

    Args:
        plugins: Where engines are found.
        arguments: Settings given by the caller, by configured name.
        options: How engines are run.
        emit: Told every event.

    Raises:
        SettingsError: The user's file cannot be read.
    """

    def __init__(
        self,
        plugins: Plugins,
        arguments: Mapping[str, Mapping[str, Any]],
        options: SessionOptions,
        emit: Callable[[Event], None],
    ) -> None:
        self._plugins = plugins
        self._arguments = arguments
        self._options = options
        self._emit = emit
        self._configuration = read_configuration()
        self._engines = ConfiguredEngines(plugins, self._configuration, arguments, emit)
        self._sessions: dict[str, EngineSession] = {}
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork; what is imported stays."""
        self._lock = Lock()
        self._engines.forget()
        for session in self._sessions.values():
            session.forget()

    @property
    def installed(self) -> tuple[str, ...]:
        """Names of the engine plugins that are there."""
        return self._plugins.engine_names()

    @property
    def configured(self) -> tuple[str, ...]:
        """Names that the user's file makes."""
        return tuple(self._configuration.engines)

    def open(self, name: str) -> EngineSession:
        """The session of a configured name.

        Raises:
            EngineUnavailableError: Its plugin cannot be used, its settings are wrong, or it needs
                the network and there is to be none.
            SettingsError: Settings that the caller gave are wrong.
        """
        engine = self._engine(name)
        known = self._sessions.get(name)
        if known is not None and known.plugin is engine:
            return known
        settings = self._engines.fill_settings(name, engine)
        session = EngineSession(name, engine, settings, self._options, self._emit)
        with self._lock:
            if self._sessions.get(name) is known:
                self._sessions[name] = session
        if known is not None:  # another plugin is registered under the name now
            known.close(monotonic())
        return self._sessions[name]

    def check_arguments(self, chain: Sequence[str]) -> None:
        """Refuse wrong settings of the caller's now, not when the engine's turn comes.

        Raises:
            SettingsError: A wrong name or value.
        """
        for name in self._arguments:
            if name in chain:
                try:
                    self.open(name)
                except EngineUnavailableError:
                    continue  # no fault of the caller's; told when its turn comes

    def close(self, deadline: float) -> None:
        """Close every session; wait until `deadline` at most."""
        with self._lock:
            sessions = tuple(self._sessions.values())
        for session in sessions:
            session.close(deadline)

    def _engine(self, name: str) -> Engine:
        engine = self._engines.find(name)
        if self._options.offline and engine.info.kind == "cloud":
            raise EngineUnavailableError(
                "it needs the network", mend="it is left out while offline is set"
            )
        return engine
