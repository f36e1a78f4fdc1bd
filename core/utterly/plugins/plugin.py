"""One accepted plugin, and how its hooks are called."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

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


class EnginePlugin(Plugin):
    """An engine that can be used.

    Attributes:
        info: What `describe` said when the plugin was read.
    """

    def __init__(self, origin: Origin, manager: pluggy.PluginManager, info: EngineInfo) -> None:
        super().__init__(origin, manager)
        self.info = info


class ExtensionPlugin(Plugin):
    """An extension that can be used: `around_synthesize`, `on_event`, or both."""


def is_async_function(function: Any) -> bool:
    """Whether a function was written as `async def`, with or without `yield`."""
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
