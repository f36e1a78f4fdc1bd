"""Breaking a text into cues of one or two lines: the cheapest way through all places to break."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

from utterly.subtitles.breaks import LINE_WIDTH, cluster_width, find_breaks

Span: TypeAlias = tuple[int, int]
"""Indices of a line's first cluster and of the first one after it."""

_BETWEEN_CUES = 3
"""A break between cues weighs more than one between the lines of a cue."""

_EMPTY_CUE = 40
"""Cost of an empty cue; one that is half full costs a quarter. So cues are of like length, a text
that fits into one is never cut, and one more is worth while where it saves a bad break."""

_UNEVEN_LINES, _TOP_HEAVY, _ORPHAN = 40, 8, 60
"""Costs: of lines that differ by a whole line, of a top line that is the longer one, and of a short
word alone. They are on the scale of the costs of breaks."""

_ORPHAN_WIDTH = LINE_WIDTH // 3


def break_lines(clusters: Sequence[str]) -> list[tuple[Span, ...]]:
    """Break a text into cues of at most two lines.

    Args:
        clusters: From `split_clusters`.

    Returns:
        For each cue the spans of its lines. Spaces between lines are in none of them.
    """
    if not clusters:
        return []
    layout = _Layout(clusters)
    return [layout.lines(first, last) for first, last in pairwise(layout.cue_borders())]


class _Layout:
    """One text and the places to break it, which are meant by all numbers here."""

    def __init__(self, clusters: Sequence[str]) -> None:
        self._breaks = find_breaks(clusters)
        widths = [0, *accumulate(map(cluster_width, clusters))]
        self._starts = [widths[place.start] for place in self._breaks]
        self._ends = [widths[place.end] for place in self._breaks]

    def cue_borders(self) -> list[int]:
        """Where cues begin and end on the cheapest way through the text."""
        costs, before = [0.0], [0]
        for last in range(1, len(self._breaks)):
            cost, first = min(self._ways(costs, last))
            costs.append(cost)
            before.append(first)
        borders = [len(self._breaks) - 1]
        while borders[-1]:
            borders.append(before[borders[-1]])
        return borders[::-1]

    def lines(self, first: int, last: int) -> tuple[Span, ...]:
        """The lines of a cue: one where it fits, else the two that are cheapest."""
        borders = [first, last]
        if self._width(first, last) > LINE_WIDTH:
            middles = self._middles(first, last)
            borders.insert(1, min(middles, key=lambda middle: self._line_cost(first, middle, last)))
        return tuple((self._breaks[a].start, self._breaks[b].end) for a, b in pairwise(borders))

    def _ways(self, costs: Sequence[float], last: int) -> list[tuple[float, int]]:
        """What it costs to come to a break, and where the last cue on the way begins."""
        found = []
        for first in range(last - 1, -1, -1):
            if not self._middles(first, last):
                break
            found.append((costs[first] + self._cue_cost(first, last), first))
        return found

    def _middles(self, first: int, last: int) -> range:
        """Breaks that leave a cue two lines that fit; its end where it fits into one."""
        furthest = bisect_right(self._ends, self._starts[first] + LINE_WIDTH, hi=last + 1) - 1
        nearest = bisect_left(self._starts, self._ends[last] - LINE_WIDTH, lo=first + 1, hi=last)
        return range(nearest, furthest + 1)

    def _width(self, first: int, last: int) -> int:
        return self._ends[last] - self._starts[first]

    def _cue_cost(self, first: int, last: int) -> float:
        """Cost of a cue: its end, and how empty it is."""
        empty = 1 - min(1.0, self._width(first, last) / (2 * LINE_WIDTH))
        end = _BETWEEN_CUES * self._breaks[last].cost
        return end + self._orphan_cost(first, last) + _EMPTY_CUE * empty**2

    def _line_cost(self, first: int, middle: int, last: int) -> float:
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
