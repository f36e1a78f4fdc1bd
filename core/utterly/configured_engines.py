"""What runs each configured engine, in this process or in one of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from utterly.configuration import Configuration, settings_layers
from utterly.errors import EngineUnavailableError, PluginError, SettingsError
from utterly.events import Event
from utterly.isolation_settings import IsolationSettings, split_settings
from utterly.settings import FilledSettings, SettingsLayer

if TYPE_CHECKING:
    from utterly.isolation.registry import IsolatedEngines
    from utterly.plugins import Engine, Plugins


class ConfiguredEngines:
    """Finds what is behind the configured names of one speaker.

    Args:
        plugins: Where engines are found.
        configuration: The user's file.
        arguments: Settings given by the caller, by configured name.
        emit: Told when the process of an engine ends that was not asked to.
    """

    def __init__(
        self,
        plugins: Plugins,
        configuration: Configuration,
        arguments: Mapping[str, Mapping[str, Any]],
        emit: Callable[[Event], None],
    ) -> None:
        self._plugins = plugins
        self._configuration = configuration
        self._arguments = arguments
        self._emit = emit
        self._apart: IsolatedEngines | None = None
        self._split: dict[str, tuple[IsolationSettings, tuple[SettingsLayer, ...]]] = {}

    def forget(self) -> None:
        """Begin anew, as after a fork; what is imported stays."""
        if self._apart is not None:
            self._apart.forget()

    def find(self, name: str) -> Engine:
        """What runs the engine of a configured name.

        Raises:
            EngineUnavailableError: Its plugin cannot be used, or its settings are wrong.
            SettingsError: Settings that the caller gave are wrong.
        """
        plugin = self._configuration.engine(name).use
        with _told_as_failure():
            isolation, layers = self._settings(name)
            if isolation.isolation == "none":
                return self._plugins.engine(plugin)
            return self._open_apart(plugin, name, isolation, layers)

    def fill_settings(self, name: str, engine: Engine) -> FilledSettings:
        """The settings of an engine that was found; raises as `find` does."""
        with _told_as_failure():
            _isolation, layers = self._settings(name)
            return engine.fill_settings(name, *layers)

    def _settings(self, name: str) -> tuple[IsolationSettings, tuple[SettingsLayer, ...]]:
        """The settings that every engine has, and what is said of its own."""
        if name not in self._split:
            arguments = SettingsLayer.of(self._arguments.get(name, {}), "argument")
            others = settings_layers(self._configuration, name, self._plugins.engine_names())
            filled, layers = split_settings(name, (arguments, *others))
            self._split[name] = (filled.value, layers)
        return self._split[name]

    def _open_apart(
        self,
        plugin: str,
        name: str,
        isolation: IsolationSettings,
        layers: tuple[SettingsLayer, ...],
    ) -> Engine:
        from utterly.isolation.launch import Launch
        from utterly.isolation.registry import IsolatedEngines

        group = self._plugins.engines
        self._apart = self._apart or IsolatedEngines(self._emit)
        launch = Launch(name, group.entry(plugin), layers, isolation, group.import_seconds)
        return self._apart.get(launch)


@contextmanager
def _told_as_failure() -> Iterator[None]:
    """What is wrong with one engine is a failure of that engine, unless the caller is to blame."""
    try:
        yield
    except PluginError as error:
        raise EngineUnavailableError(error.reason, mend=error.mend) from error
    except SettingsError as error:
        if error.source == "argument":
            raise
        raise EngineUnavailableError(str(error)) from error
