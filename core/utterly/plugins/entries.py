"""Plugins as the metadata of installed distributions announces them; nothing is imported."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from utterly.plugins.names import find_name_fault
from utterly.plugins.origin import Fault, Kind, Origin

if TYPE_CHECKING:
    from importlib.metadata import Distribution

    from utterly.errors import PluginError

logger = logging.getLogger("utterly.plugins")

_PathState: TypeAlias = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Entry(Origin):
    """One entry point.

    Attributes:
        value: The target, as `module` or `module:attribute`.
    """

    value: str = ""

    def load_target(self) -> Any:
        """Import the target, and let everything through that the import raises."""
        from importlib.metadata import EntryPoint

        return EntryPoint(self.name, self.value, self.kind.group).load()


class Entries(NamedTuple):
    """The entry points of one group: at most one for each name, and those that lost."""

    accepted: dict[str, Entry]
    refused: tuple[PluginError, ...]


_found: dict[Kind, tuple[_PathState, Entries]] = {}


def find_entries(kind: Kind) -> Entries:
    """The entry points of one group, as they are installed now."""
    state = _path_state()
    known = _found.get(kind)
    if known is None or known[0] != state:
        # Reading every distribution's metadata takes milliseconds, which each request would pay.
        known = _found[kind] = (state, _sort_out(kind))
    return known[1]


def _path_state() -> _PathState:
    """Changes when something is installed or removed, or the path itself changes."""
    return tuple((folder, _time_of_change(folder)) for folder in sys.path)


def _time_of_change(folder: str) -> int:
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:  # many paths name nothing
        return 0


def _sort_out(kind: Kind) -> Entries:
    """Read the entry points, and decide between rivals."""
    accepted: dict[str, Entry] = {}
    refused = []
    for entry in sorted(_read_entries(kind), key=_precedence):
        fault = find_name_fault(entry.name) or find_rival(entry, accepted)
        if fault:
            refused.append(entry.refuse(fault))
        else:
            accepted[entry.name] = entry
    return Entries(accepted, tuple(refused))


def find_rival(entry: Entry, accepted: dict[str, Entry]) -> Fault | None:
    """Whether another distribution has the name already."""
    rival = accepted.get(entry.name)
    if rival is None:
        return None
    return Fault(
        f"the name is taken by {rival.distribution}",
        f"pip uninstall {entry.project} or {rival.project}",
    )


def _precedence(entry: Entry) -> tuple[bool, str, str]:
    """Who keeps a name: the distribution that is called after it, else the first by alphabet."""
    namesake = f"utterly-{_canonical(entry.name)}"
    return _canonical(entry.project) != namesake, _canonical(entry.project), entry.value


def _read_entries(kind: Kind) -> Iterator[Entry]:
    """Every entry point of the group; of two copies of a distribution, the first on the path."""
    from importlib.metadata import distributions

    seen = set()
    for distribution in distributions():
        for entry in _entries_of(distribution, kind):
            key = (_canonical(entry.project), entry.name, entry.value)
            if key not in seen:
                seen.add(key)
                yield entry


def _entries_of(distribution: Distribution, kind: Kind) -> Iterable[Entry]:
    """The entry points of one distribution: damaged metadata costs that distribution only."""
    try:
        # Parsing is slow next to a look at the text, and few distributions have the group.
        if kind.group not in (distribution.read_text("entry_points.txt") or ""):
            return ()
        title = _title_of(distribution)
        return [
            Entry(kind, point.name, title, point.value)
            for point in distribution.entry_points
            if point.group == kind.group
        ]
    except Exception as error:  # noqa: BLE001  # whatever a stranger's metadata brings about
        logger.warning("passed over a distribution with damaged metadata: %r", error)
        return ()


def _title_of(distribution: Distribution) -> str:
    """Name and version; versions of Python differ in what they do where those are missing."""
    try:
        name, version = distribution.metadata["Name"], distribution.version
    except Exception:  # noqa: BLE001  # as above
        return "unnamed"
    return f"{name} {version}" if name else "unnamed"


def _canonical(name: str) -> str:
    """The spelling that packaging tools compare."""
    return re.sub(r"[-_.]+", "-", name).lower()
