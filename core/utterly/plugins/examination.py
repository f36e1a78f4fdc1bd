"""Looking into one plugin after the other; `main` is what the child process of a listing runs."""

from __future__ import annotations

import os
from collections.abc import Iterable

from utterly.errors import PluginError
from utterly.plugins.entries import Entry
from utterly.plugins.loading import Loading
from utterly.plugins.origin import KINDS
from utterly.plugins.reports import PluginReport, report_ready, report_unusable


def examine(entry: Entry, seconds: float | None) -> PluginReport:
    """Import and check one plugin, as it would be for use."""
    loading = Loading(entry, entry.load_target)
    loading.start()
    try:
        return report_ready(entry.kind, loading.wait(seconds))
    except PluginError as error:
        return report_unusable(entry.kind, error)


def main(entries: Iterable[tuple[str, str, str, str]]) -> None:
    """Write, for each plugin, an empty line when it is begun and its report when it is done.

    The time limit is the parent's, which can end an import that never lets go.

    Args:
        entries: Kind, name, distribution and target of each.
    """
    import json

    # What plugins print must not get among the results; descriptor 2 leads nowhere here.
    with os.fdopen(os.dup(1), "w", encoding="ascii") as results:
        os.dup2(2, 1)
        for kind, name, distribution, value in entries:
            print(file=results, flush=True)
            report = examine(Entry(KINDS[kind], name, distribution, value), None)
            print(json.dumps(report.to_dict()), file=results, flush=True)
