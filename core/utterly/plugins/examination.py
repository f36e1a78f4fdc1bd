"""Looking into one plugin after the other; `main` is what the child process of a listing runs."""

from __future__ import annotations

import os
from collections.abc import Iterable

from utterly.configuration import Configuration, read_configuration
from utterly.errors import PluginError
from utterly.plugins.entries import Entry, find_entries
from utterly.plugins.loading import Loading
from utterly.plugins.origin import ENGINE, KINDS
from utterly.plugins.reports import PluginReport, report_ready, report_unusable, with_names


def examine(
    entry: Entry, seconds: float | None, configuration: Configuration
) -> tuple[PluginReport, ...]:
    """Import and check one plugin, as it would be for use."""
    loading = Loading(entry, entry.load_target)
    loading.start()
    try:
        plugin = loading.wait(seconds)
    except PluginError as error:
        return tuple(with_names(report_unusable(entry.kind, error), configuration))
    return tuple(report_ready(entry.kind, plugin, configuration, engine_names()))


def engine_names() -> tuple[str, ...]:
    """The names of all installed engines."""
    return tuple(find_entries(ENGINE).accepted)


def main(entries: Iterable[tuple[str, str, str, str]]) -> None:
    """Write, for each plugin, an empty line when it is begun and its reports when it is done.

    The time limit is the parent's, which can end an import that never lets go.

    Args:
        entries: Kind, name, distribution and target of each.
    """
    import json

    configuration = read_configuration()

    # What plugins print must not get among the results; descriptor 2 leads nowhere here.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as results:
        os.dup2(2, 1)
        for kind, name, distribution, value in entries:
            print(file=results, flush=True)
            entry = Entry(KINDS[kind], name, distribution, value)
            reports = [report.to_dict() for report in examine(entry, None, configuration)]
            print(json.dumps(reports), file=results, flush=True)
