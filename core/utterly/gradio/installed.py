"""The engines that can be used, looked at once for all apps of the process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from utterly.api import engines
from utterly.chain import usual_chain
from utterly.preferences import Preferences
from utterly.standing import Standing

if TYPE_CHECKING:
    from utterly.plugins.reports import PluginReport


@cache
def usable_engines() -> tuple[PluginReport, ...]:
    """Engines that are installed and work; they are imported elsewhere to find out."""
    return tuple(r for r in engines() if r.group == "engine" and r.state == "ready")


def titles() -> Mapping[str, str]:
    """What people call the engines, by configured name."""
    return {report.name: report.title for report in usable_engines()}


def first_choices() -> tuple[str, ...]:
    """The engines that are tried where nobody chooses."""
    said = (place.engines for place in Standing.gather(Preferences()).places)
    return usual_chain(said, [*titles()])
