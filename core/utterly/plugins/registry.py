"""Every plugin of this process: what is installed, what was registered, and what is imported."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from utterly.plugins.entries import Entries, Entry, find_entries
from utterly.plugins.loading import Loading
from utterly.plugins.names import (
    disabled_fault,
    disabled_names,
    find_name_fault,
    unknown_fault,
)
from utterly.plugins.origin import ENGINE, EXTENSION, Fault, Kind, Origin

if TYPE_CHECKING:
    from utterly.errors import PluginError
    from utterly.plugins.plugin import EnginePlugin, ExtensionPlugin, Plugin

IMPORT_SECONDS = 20.0


class PluginGroup:
    """The plugins of one kind.

    Holds no lock that a fork could leave taken: it relies on `dict.setdefault` being atomic, and
    what was begun before a fork is begun again after it, since threads do not survive one.

    Attributes:
        kind: Engines or extensions.
        import_seconds: Longest time one may take to be imported and described.
        registered: Plugins registered by code, by name.
    """

    def __init__(self, kind: Kind, import_seconds: float) -> None:
        self.kind = kind
        self.registered: dict[str, Plugin] = {}
        self.import_seconds = import_seconds
        self._loadings: dict[tuple[int, str], Loading] = {}

    def names(self) -> tuple[str, ...]:
        """What can be asked for, in alphabetical order; nothing is imported."""
        installed = find_entries(self.kind).accepted
        return tuple(sorted({*installed, *self.registered} - disabled_names()))

    def get(self, name: str) -> Plugin:
        """One plugin, imported the first time it is asked for.

        Raises:
            PluginError: It cannot be used, is turned off, or is not there.
        """
        self._check_enabled(name)
        if name in self.registered:
            return self.registered[name]
        loading = self._loadings.get((os.getpid(), name)) or self._begin(name)
        return loading.wait(self.import_seconds)

    def entry(self, name: str) -> Entry:
        """Where a plugin would be imported from, by whatever process; nothing is imported.

        Raises:
            PluginError: It is turned off, is not there, or exists in this process alone.
        """
        self._check_enabled(name)
        if name in self.registered:
            reason = "it was registered by code, and exists in this process alone"
            raise Origin(self.kind, name).refuse(
                Fault(reason, "install it, or leave isolation out")
            )
        found = find_entries(self.kind)
        if name not in found.accepted:
            raise self._refusal(name, found)
        return found.accepted[name]

    def register(self, target: object, name: str) -> None:
        """Take a plugin that no distribution announces; it stands before one that does.

        Raises:
            PluginError: It cannot be used, or the name is registered already.
        """
        origin = Origin(self.kind, name)
        fault = find_name_fault(name)
        if fault:
            raise origin.refuse(fault)
        loading = Loading(origin, lambda: target)
        loading.start()
        plugin = loading.wait(self.import_seconds)
        if self.registered.setdefault(name, plugin) is not plugin:
            raise origin.refuse(
                Fault("the name is registered already", f"unregister_{self.kind.name} it first")
            )

    def unregister(self, name: str) -> None:
        """Forget a registered plugin; one that was not registered is no mistake."""
        self.registered.pop(name, None)

    def _begin(self, name: str) -> Loading:
        """Begin to load an installed plugin, unless another thread has just done so."""
        entry = self.entry(name)
        mine = Loading(entry, entry.load_target)
        loading = self._loadings.setdefault((os.getpid(), name), mine)
        if loading is mine:
            loading.start()
        return loading

    def _check_enabled(self, name: str) -> None:
        if name in disabled_names():
            origin = find_entries(self.kind).accepted.get(name) or Origin(self.kind, name)
            raise origin.refuse(disabled_fault(name))

    def _refusal(self, name: str, found: Entries) -> PluginError:
        """Why a name cannot be had: refused by its name, or not there at all."""
        for error in found.refused:
            if error.plugin == name:
                return error
        return Origin(self.kind, name).refuse(unknown_fault(self.kind, name, self.names()))


class Plugins:
    """Every engine and extension that this process can use.

    Names come from metadata alone; a plugin is imported when it is first asked for, and only that
    one. What came of it, success or failure, is kept. Safe to use from several threads.

    Args:
        import_seconds: Longest time a plugin may take to be imported and described.
    """

    def __init__(self, *, import_seconds: float = IMPORT_SECONDS) -> None:
        self.engines = PluginGroup(ENGINE, import_seconds)
        self.extensions = PluginGroup(EXTENSION, import_seconds)

    def engine_names(self) -> tuple[str, ...]:
        """The engines that can be asked for, in alphabetical order; nothing is imported."""
        return self.engines.names()

    def extension_names(self) -> tuple[str, ...]:
        """The extensions that can be asked for, in alphabetical order; nothing is imported."""
        return self.extensions.names()

    def engine(self, name: str) -> EnginePlugin:
        """One engine, imported the first time it is asked for.

        Raises:
            PluginError: It cannot be used, is turned off, or is not installed.
        """
        return cast("EnginePlugin", self.engines.get(name))

    def extension(self, name: str) -> ExtensionPlugin:
        """One extension, imported the first time it is asked for.

        Raises:
            PluginError: It cannot be used, is turned off, or is not installed.
        """
        return cast("ExtensionPlugin", self.extensions.get(name))

    def register_engine(self, plugin: object, name: str) -> None:
        """Take an engine that no distribution announces, as tests and notebooks do.

        It passes the same checks, and stands before an installed one of the same name.

        Raises:
            PluginError: It cannot be used, or the name is registered already.
        """
        self.engines.register(plugin, name)

    def register_extension(self, plugin: object, name: str) -> None:
        """Take an extension that no distribution announces, as `register_engine` does.

        Raises:
            PluginError: It cannot be used, or the name is registered already.
        """
        self.extensions.register(plugin, name)

    def unregister_engine(self, name: str) -> None:
        """Forget a registered engine; one that was not registered is no mistake."""
        self.engines.unregister(name)

    def unregister_extension(self, name: str) -> None:
        """Forget a registered extension; one that was not registered is no mistake."""
        self.extensions.unregister(name)


_INSTALLED = Plugins()


def installed_plugins() -> Plugins:
    """The plugins of this process; there is one such object."""
    return _INSTALLED
