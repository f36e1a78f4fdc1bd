"""A look at every installed plugin that none of them can disturb.

Plugins are imported in a child process, one after the other, each within a time limit. When the
child hangs or dies, the plugin it was at has failed, and a new child goes on with the rest.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from utterly.configuration import Configuration, read_configuration
from utterly.errors import PluginError
from utterly.plugins.entries import find_entries
from utterly.plugins.examination import examine
from utterly.plugins.names import disabled_fault, disabled_names
from utterly.plugins.origin import Origin
from utterly.plugins.registry import IMPORT_SECONDS
from utterly.plugins.reports import PluginReport, report_ready, report_unusable, with_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from utterly.plugins.entries import Entry
    from utterly.plugins.registry import PluginGroup, Plugins


def list_plugins(plugins: Plugins, *, seconds: float = IMPORT_SECONDS) -> tuple[PluginReport, ...]:
    """Report on every plugin, usable or not, without importing an installed one here.

    Where no other Python can be started, as in a frozen program, they are imported here after all.

    Args:
        plugins: The plugins of this process.
        seconds: Longest time one plugin may take.

    Returns:
        Engines first, then extensions, each by name and distribution; at last the names that the
        user's file makes.

    Raises:
        SettingsError: The user's file cannot be read.
    """
    from utterly.plugins.interpreter import can_start_python

    configuration = read_configuration()
    groups = (plugins.engines, plugins.extensions)
    reports = [
        report for group in groups for report in _report_without_import(group, configuration)
    ]
    entries = [entry for group in groups for entry in _entries_to_examine(group)]
    if can_start_python():
        reports += _examine_apart(entries, seconds, configuration)
    else:
        reports += (r for entry in entries for r in examine(entry, seconds, configuration))
    return tuple(sorted(reports, key=lambda r: (bool(r.use), r.group, r.name, r.distribution)))


def _report_without_import(
    group: PluginGroup, configuration: Configuration
) -> Iterator[PluginReport]:
    """Plugins of which enough is known already."""
    kind, found, off = group.kind, find_entries(group.kind), disabled_names()
    for error in found.refused:
        yield from with_names(report_unusable(kind, error), configuration)
    for name in off & {*found.accepted, *group.registered}:
        origin = found.accepted.get(name) or Origin(kind, name)
        report = report_unusable(kind, origin.refuse(disabled_fault(name)), "disabled")
        yield from with_names(report, configuration)
    for name, plugin in tuple(group.registered.items()):
        if name not in off:
            yield from report_ready(kind, plugin, configuration, group.names())


def _entries_to_examine(group: PluginGroup) -> list[Entry]:
    """Installed plugins that may be imported, and that no registered one stands before."""
    passed_over = {*group.registered, *disabled_names()}
    return [
        entry
        for name, entry in find_entries(group.kind).accepted.items()
        if name not in passed_over
    ]


def _examine_apart(
    entries: Iterable[Entry], seconds: float, configuration: Configuration
) -> Iterator[PluginReport]:
    """Examine in as many child processes as it takes; each gets through one plugin at least."""
    from utterly.plugins.child import Child

    waiting = deque(entries)
    while waiting:
        with Child(waiting) as child:
            while waiting:
                entry = waiting.popleft()
                try:
                    yield from child.read_reports(entry, seconds)
                except PluginError as error:
                    yield from with_names(report_unusable(entry.kind, error), configuration)
                    break
