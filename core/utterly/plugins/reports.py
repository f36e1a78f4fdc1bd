"""What `utterly engines` says of each plugin, as values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from utterly.configuration import Configuration
from utterly.engine_info import EngineInfo
from utterly.errors import SettingsError
from utterly.plugins.plugin import EnginePlugin, Plugin
from utterly.plugins.settings_report import SettingReport, report_settings

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
        settings: Each setting of the engine, its value and where that comes from.
        use: The plugin behind a name that the user's file makes; empty for the plugin itself.
    """

    name: str
    group: KindName
    distribution: str
    state: Literal["ready", "failed", "disabled"]
    reason: str = ""
    mend: str = ""
    info: EngineInfo | None = None
    settings: tuple[SettingReport, ...] = ()
    use: str = ""

    @property
    def title(self) -> str:
        """What people call it; names of the same plugin are told apart."""
        title = self.info.title if self.info else self.name
        return f"{title} ({self.name})" if self.use else title

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> PluginReport:
        """Undo `to_dict`, also after JSON made lists of the tuples."""
        info = values["info"]
        settings = tuple(SettingReport(**setting) for setting in values["settings"])
        return cls(
            **{
                **values,
                "info": None if info is None else EngineInfo(**_with_tuples(info)),
                "settings": settings,
            }
        )


def report_ready(
    kind: Kind, plugin: Plugin, configuration: Configuration, others: Sequence[str] = ()
) -> Iterator[PluginReport]:
    """The reports of a plugin that can be used: its own, and that of each name which uses it.

    Args:
        kind: Engine or extension.
        plugin: It.
        configuration: The user's file, which makes names and gives settings.
        others: Names of all engines.
    """
    plain = PluginReport(plugin.name, kind.name, plugin.distribution, "ready")
    if not isinstance(plugin, EnginePlugin):
        yield plain
        return
    plain = replace(plain, info=_without_settings(plugin.info))
    for report in with_names(plain, configuration):
        try:
            settings = report_settings(plugin.info.settings, report.name, configuration, others)
            yield replace(report, settings=settings)
        except SettingsError as error:
            yield replace(
                report, state="failed", reason=str(error), mend=f"correct it: {error.source}"
            )


def with_names(report: PluginReport, configuration: Configuration) -> Iterator[PluginReport]:
    """A plugin's report, and the same for each other name that the user's file gives it."""
    yield report
    for name, engine in configuration.engines.items():
        if report.group == "engine" and engine.use == report.name != name:
            yield replace(report, name=name, use=report.name)


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


def _with_tuples(values: dict[str, Any]) -> dict[str, Any]:
    """The same, with each list made a tuple."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
