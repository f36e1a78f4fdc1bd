"""Breaking a text into cues of one or two lines: the cheapest way through all places to break."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias

from utterly.subtitles.breaks import LINE_WIDTH, Break, cluster_width, find_breaks

Span: TypeAlias = tuple[int, int]
"""Indices of a line's first cluster and of the first one after it."""

_CUE = 60
"""Cost of a cue: another one is worth while where it saves two bad breaks, not one."""

_BETWEEN_CUES = 3
"""A break between cues weighs more than one between the lines of a cue."""

_EMPTY_CUE, _UNEVEN_LINES, _TOP_HEAVY, _ORPHAN = 40, 40, 8, 60
_ORPHAN_WIDTH = LINE_WIDTH // 3


class _Way(NamedTuple):
    """The cheapest way to a break.

    Attributes:
        cost: Of all cues up to there.
        before: The break where its last cue begins.
        lines: Borders of its last cue's lines, as indices of breaks.
    """

    cost: float
    before: int
    lines: tuple[int, ...]


def break_lines(clusters: Sequence[str]) -> list[tuple[Span, ...]]:
    """Break a text into cues of at most two lines.

    Args:
        clusters: From `split_clusters`.

    Returns:
        For each cue the spans of its lines. Spaces between lines are in none of them.
    """
    if not clusters:
        return []
    breaks = find_breaks(clusters)
    table = _Table(clusters, breaks)
    last = len(breaks) - 1
    whole = table.cheapest_cue(0, last)
    return [table.spans(lines) for lines in ([whole[1]] if whole else table.cheapest_way(last))]


class _Table:
    """Costs of the cues of one text."""

    def __init__(self, clusters: Sequence[str], breaks: Sequence[Break]) -> None:
        self._breaks = breaks
        self._widths = [0, *accumulate(map(cluster_width, clusters))]

    def spans(self, lines: tuple[int, ...]) -> tuple[Span, ...]:
        """The lines of a cue."""
        return tuple(
            (self._breaks[first].start, self._breaks[last].end) for first, last in pairwise(lines)
        )

    def cheapest_way(self, target: int) -> list[tuple[int, ...]]:
        """The lines of each cue, from the start of the text to a break."""
        ways = [_Way(0.0, 0, ())]
        for last in range(1, target + 1):
            ways.append(min(self._ways(ways, last)))
        found = []
        while target:
            found.append(ways[target].lines)
            target = ways[target].before
        return found[::-1]

    def cheapest_cue(self, first: int, last: int) -> tuple[float, tuple[int, ...]] | None:
        """Cost and lines of the cue between two breaks, `None` where it needs a third line."""
        width = self._width(first, last)
        if width <= LINE_WIDTH:
            return self._fullness_cost(width) + self._orphan_cost(first, last), (first, last)
        found = []
        for middle in range(last - 1, first, -1):
            if self._width(middle, last) > LINE_WIDTH:
                break
            if self._width(first, middle) <= LINE_WIDTH:
                cost = self._fullness_cost(width) + self._middle_cost(first, middle, last)
                found.append((cost, (first, middle, last)))
        return min(found, default=None)

    def _ways(self, ways: Sequence[_Way], last: int) -> list[_Way]:
        """All ways to a break, by where its last cue begins."""
        found = []
        for first in range(last - 1, -1, -1):
            cue = self.cheapest_cue(first, last)
            if cue is None:
                break
            cost, lines = cue
            cost += ways[first].cost + _CUE + _BETWEEN_CUES * self._breaks[last].cost
            found.append(_Way(cost, first, lines))
        return found

    def _width(self, first: int, last: int) -> int:
        return self._widths[self._breaks[last].end] - self._widths[self._breaks[first].start]

    def _fullness_cost(self, width: int) -> float:
        """Cues of like length are cheaper than a long and a short one."""
        return _EMPTY_CUE * (1 - min(1.0, width / (2 * LINE_WIDTH))) ** 2

    def _middle_cost(self, first: int, middle: int, last: int) -> float:
        """Cost of two lines: the break, and how far they are from two of a length."""
        top, bottom = self._width(first, middle), self._width(middle, last)
        uneven = _UNEVEN_LINES * abs(top - bottom) / LINE_WIDTH
        heavy = _TOP_HEAVY if top > bottom else 0
        orphans = self._orphan_cost(first, middle) + self._orphan_cost(middle, last)
        return self._breaks[middle].cost + uneven + heavy + orphans

    def _orphan_cost(self, first: int, last: int) -> int:
        """Cost of a short word that stands alone."""
        alone = last - first == 1 and self._width(first, last) < _ORPHAN_WIDTH
        return _ORPHAN if alone else 0
