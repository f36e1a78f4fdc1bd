"""Plugins: found by metadata, imported one at a time, checked, and kept apart."""

from __future__ import annotations

from utterly.plugins.listing import list_plugins
from utterly.plugins.plugin import Engine, EnginePlugin, ExtensionPlugin, Plugin
from utterly.plugins.registry import Plugins, installed_plugins
from utterly.plugins.reports import PluginReport

__all__ = [
    "Engine",
    "EnginePlugin",
    "ExtensionPlugin",
    "Plugin",
    "PluginReport",
    "Plugins",
    "installed_plugins",
    "list_plugins",
]
