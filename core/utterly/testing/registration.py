"""Plugins that are there for the length of a `with` block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

PluginType = TypeVar("PluginType")


@contextmanager
def register_engine(plugin: PluginType, name: str) -> Iterator[PluginType]:
    """Have an engine installed, as far as this process is concerned.

    Args:
        plugin: A module, or an object with `utterly_api = 1` and hooks.
        name: Its name, as in `engines=[name]`.

    Yields:
        The plugin.

    Raises:
        PluginError: Utterly refuses it.
    """
    from utterly.plugins import installed_plugins

    installed_plugins().register_engine(plugin, name)
    try:
        yield plugin
    finally:
        installed_plugins().unregister_engine(name)


@contextmanager
def register_extension(plugin: PluginType, name: str) -> Iterator[PluginType]:
    """Have an extension installed, as far as this process is concerned.

    Args:
        plugin: A module, or an object with `utterly_api = 1` and hooks.
        name: Its name, as in `extensions=[name]`.

    Yields:
        The plugin.

    Raises:
        PluginError: Utterly refuses it.
    """
    from utterly.plugins import installed_plugins

    installed_plugins().register_extension(plugin, name)
    try:
        yield plugin
    finally:
        installed_plugins().unregister_extension(name)
