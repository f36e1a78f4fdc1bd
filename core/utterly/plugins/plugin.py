"""One accepted plugin, and how its hooks are called."""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any, Protocol

from utterly.settings import FilledSettings, SettingsLayer, fill_settings

if TYPE_CHECKING:
    import pluggy

    from utterly.engine_info import EngineInfo
    from utterly.plugins.origin import Origin


class Plugin:
    """A plugin alone in a pluggy manager of its own, so that no other can touch its hooks.

    Attributes:
        name: The plugin's name.
        distribution: The distribution that brought it, empty for one registered by code.
    """

    def __init__(self, origin: Origin, manager: pluggy.PluginManager) -> None:
        self.name = origin.name
        self.distribution = origin.distribution
        self._manager = manager
        self._functions: dict[str, Any] = {
            hook: getattr(manager.hook, hook).get_hookimpls()[0].function
            for hook in origin.kind.hooks()
            if getattr(manager.hook, hook).get_hookimpls()
        }
        self._async_hooks = {
            hook for hook, function in self._functions.items() if is_async_function(function)
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.distribution!r})"

    def has(self, hook: str) -> bool:
        """Whether the plugin implements a hook."""
        return hook in self._functions

    def is_async(self, hook: str) -> bool:
        """Whether the hook was written as `async def`, with or without `yield`."""
        return hook in self._async_hooks

    def call(self, hook: str, /, **arguments: Any) -> Any:
        """Call one hook.

        Args:
            hook: Its name.
            **arguments: All that the specification names; the plugin gets what it asked for.

        Returns:
            What the hook returned, or `None` where the plugin does not implement it. Calling a
            generator, a coroutine or an asynchronous generator runs nothing of it yet.
        """
        return getattr(self._manager.hook, hook)(**arguments)


class Engine(Protocol):
    """Whatever runs the hooks of one engine: its plugin, or a process with the plugin in it.

    Attributes:
        name: The plugin's name.
        info: What `describe` said.
    """

    name: str
    info: EngineInfo

    def has(self, hook: str) -> bool:
        """Whether it implements a hook."""

    def is_async(self, hook: str) -> bool:
        """Whether calling the hook gives something for an event loop."""

    def call(self, hook: str, /, **arguments: Any) -> Any:
        """Call one hook."""

    def fill_settings(self, engine: str, *layers: SettingsLayer) -> FilledSettings:
        """The engine's settings, from where values may come from, the strongest first."""

    def is_usable(self, model: Any) -> bool:
        """Whether what `load` returned is still there to speak with."""

    def end_calls(self) -> None:
        """End calls that did not end in time, where there is a way to do so."""

    def close(self) -> None:
        """Give everything back that is no model."""

    def forget(self) -> None:
        """Begin anew in the child of a fork."""


class EnginePlugin(Plugin):
    """An engine that can be used in this process; see `Engine`.

    Attributes:
        info: What `describe` said when the plugin was read.
    """

    def __init__(self, origin: Origin, manager: pluggy.PluginManager, info: EngineInfo) -> None:
        super().__init__(origin, manager)
        self.info = info

    def call(self, hook: str, /, **arguments: Any) -> Any:
        """Call one hook, with the environment as the engine's library wants to find it."""
        if hook != "describe":
            self.set_environment()
        return super().call(hook, **arguments)

    def fill_settings(self, engine: str, *layers: SettingsLayer) -> FilledSettings:
        """Fill in the plugin's settings class.

        Args:
            engine: The configured name.
            *layers: Where values may come from, the strongest first.

        Raises:
            SettingsError: A wrong name or value.
        """
        return fill_settings(self.info.settings, engine, *layers)

    def set_environment(self) -> None:
        """Set the variables that the engine declares, but for those that are set already."""
        for name, value in self.info.environment.items():
            os.environ.setdefault(name, value)

    def is_usable(self, model: Any) -> bool:  # noqa: ARG002  # see Engine
        """What is in this process does not vanish."""
        return True

    def end_calls(self) -> None:
        """Code in this process cannot be stopped; it is left behind."""

    def close(self) -> None:
        """There is nothing but the model."""

    def forget(self) -> None:
        """There is nothing to forget: what is imported stays."""


class ExtensionPlugin(Plugin):
    """An extension that can be used: `around_synthesize`, `on_event`, or both."""


def is_async_function(function: Any) -> bool:
    """Whether a function was written as `async def`, with or without `yield`."""
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
