"""What `utterly engines` says of each plugin, as values."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from utterly.configuration import Configuration, settings_layers
from utterly.context import Context
from utterly.engine_info import EngineInfo
from utterly.errors import EngineError, SettingsError
from utterly.isolation_settings import split_settings
from utterly.plugins.origin import one_line
from utterly.plugins.plugin import EnginePlugin, Plugin
from utterly.plugins.settings_report import SettingReport, report_settings
from utterly.settings import fill_settings

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
        setup: What the engine would work with here, and why; empty where it has no choice.
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
    setup: str = ""
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
    if not isinstance(plugin, EnginePlugin):
        yield PluginReport(plugin.name, kind.name, plugin.distribution, "ready")
        return
    for report in with_names(report_facts(plugin), configuration):
        try:
            layers = settings_layers(configuration, report.name, others)
            isolation, layers = split_settings(report.name, layers)
            own = fill_settings(plugin.info.settings, report.name, *layers)
            settings = (*report_settings(own), *report_settings(isolation))
            setup = _explain_setup(plugin, report.name, own.value)
            yield replace(report, settings=settings, setup=setup)
        except SettingsError as error:
            yield replace(
                report, state="failed", reason=str(error), mend=f"correct it: {error.source}"
            )


def report_facts(plugin: EnginePlugin) -> PluginReport:
    """The report of an engine by its own name, without settings."""
    info = _without_settings(plugin.info)
    return PluginReport(plugin.name, "engine", plugin.distribution, "ready", info=info)


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


def _explain_setup(plugin: EnginePlugin, name: str, settings: Any) -> str:
    """What the plugin says of it, in one line; a fault in that keeps nobody from using it."""
    context = Context(offline=True)
    try:
        text = plugin.call("explain_setup", engine=name, settings=settings, context=context)
    except EngineError as error:
        text = error
    except (Exception, SystemExit):  # noqa: BLE001  # whatever a plugin raises
        text = None
    return "" if text is None else one_line(str(text))


def _without_settings(info: EngineInfo) -> EngineInfo:
    """The plain facts, also of a subclass with more of them."""
    facts = {entry.name: getattr(info, entry.name) for entry in dataclasses.fields(EngineInfo)}
    return EngineInfo(**{**facts, "settings": None, "environment": dict(info.environment)})


def _with_tuples(values: dict[str, Any]) -> dict[str, Any]:
    """The same, with each list made a tuple."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
