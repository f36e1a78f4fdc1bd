"""Hearing from the process of an engine what the engine is."""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TypeAlias

from utterly.engine_info import EngineInfo
from utterly.errors import EngineCrashedError, SettingsError
from utterly.isolation.launch import Launch
from utterly.isolation.messages import Introduction, Misconfigured, Started
from utterly.plugins.loading import hang_fault
from utterly.plugins.origin import Fault
from utterly.plugins.reports import PluginReport

STARTING_SECONDS = 60.0

Said: TypeAlias = Started | Introduction | Misconfigured | EngineCrashedError
"""What may come before the engine is known."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an engine that is not imported here.

    Attributes:
        info: What `describe` said, without the settings class.
        hooks: What it implements.
    """

    info: EngineInfo
    hooks: frozenset[str]


def wait_for_facts(launch: Launch, said: SimpleQueue[Said]) -> Facts:
    """Wait until the plugin is imported.

    Args:
        launch: What was started.
        said: What comes from the process.

    Raises:
        PluginError: The plugin cannot be used, hangs, or has ended the process.
        SettingsError: A wrong name or value among its settings.
    """
    entry = launch.entry
    try:
        came = said.get(timeout=STARTING_SECONDS)
        if isinstance(came, Started):
            came = said.get(timeout=launch.import_seconds)
    except Empty:
        raise entry.refuse(hang_fault(entry, launch.import_seconds)) from None
    match came:
        case Introduction():
            report = PluginReport.from_dict(came.report)
            if report.info is None:
                raise entry.refuse(Fault(report.reason, report.mend))
            return Facts(report.info, frozenset(came.hooks))
        case Misconfigured():
            raise SettingsError(came.message, source=came.source)
        case _:
            raise entry.refuse(Fault(f"importing it: {came}", entry.update_or_disable()))
