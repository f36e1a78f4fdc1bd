"""What `utterly engines` says of each plugin, as values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from utterly.engine_info import EngineInfo
from utterly.plugins.plugin import EnginePlugin, Plugin

if TYPE_CHECKING:
    from utterly.errors import PluginError
    from utterly.plugins.origin import Kind, KindName


@dataclass(frozen=True, slots=True)
class PluginReport:
    """One plugin, usable or not.

    Attributes:
        name: The plugin's name.
        group: `"engine"` or `"extension"`.
        distribution: Name and version of what brought it, empty for one registered by code.
        state: `"ready"`, `"failed"`, or `"disabled"` by the user.
        reason: Why it is not ready, empty where it is.
        mend: What to do about it, empty where it is ready.
        info: The engine's facts without its settings class, which does not cross processes.
        settings_fields: The names of the engine's settings.
        use: The plugin behind a name that the user's file makes; empty for the plugin itself.
    """

    name: str
    group: KindName
    distribution: str
    state: Literal["ready", "failed", "disabled"]
    reason: str = ""
    mend: str = ""
    info: EngineInfo | None = None
    settings_fields: tuple[str, ...] = ()
    use: str = ""

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> PluginReport:
        """Undo `to_dict`, also after JSON made lists of the tuples."""
        info = values["info"]
        return cls(
            **{
                **_with_tuples(values),
                "info": None if info is None else EngineInfo(**_with_tuples(info)),
            }
        )


def report_ready(kind: Kind, plugin: Plugin) -> PluginReport:
    """The report of a plugin that can be used."""
    info = plugin.info if isinstance(plugin, EnginePlugin) else None
    return PluginReport(
        name=plugin.name,
        group=kind.name,
        distribution=plugin.distribution,
        state="ready",
        info=_without_settings(info) if info else None,
        settings_fields=_settings_fields(info) if info else (),
    )


def report_unusable(
    kind: Kind, error: PluginError, state: Literal["failed", "disabled"] = "failed"
) -> PluginReport:
    """The report of a plugin that cannot be used."""
    return PluginReport(
        error.plugin, kind.name, error.distribution, state, error.reason, error.mend
    )


def _without_settings(info: EngineInfo) -> EngineInfo:
    """The plain facts, also of a subclass with more of them."""
    facts = {entry.name: getattr(info, entry.name) for entry in dataclasses.fields(EngineInfo)}
    return EngineInfo(**{**facts, "settings": None})


def _settings_fields(info: EngineInfo) -> tuple[str, ...]:
    """The names of the settings."""
    if info.settings is None:
        return ()
    return tuple(entry.name for entry in dataclasses.fields(info.settings) if entry.init)


def _with_tuples(values: dict[str, Any]) -> dict[str, Any]:
    """The same, with each list made a tuple."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
