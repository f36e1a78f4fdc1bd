"""Cues in order of start, each with an end after it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from utterly.dubbing.script import Repair
from utterly.dubbing.written import WrittenCue
from utterly.engine.checks import expected_duration

_SHORTEST = 1000
"""Milliseconds that a cue without an end gets at least, unless the next one begins before."""


def find_disorder(written: Iterable[WrittenCue]) -> Iterator[Repair]:
    """Cues that stand after one that begins later."""
    latest = 0
    for cue in written:
        if cue.start < latest:
            yield Repair(cue.line, "this cue is out of order, and was put where its time belongs")
        latest = max(latest, cue.start)


def find_bad_ends(written: Iterable[WrittenCue]) -> Iterator[Repair]:
    """Cues that do not end, or not after their start."""
    for cue in written:
        if not _ends(cue):
            fault = "missing" if cue.end is None else "not after the start"
            told = f"the end is {fault}; the cue was given the time that its words take"
            yield Repair(cue.line, told)


def put_in_order(written: Iterable[WrittenCue]) -> list[WrittenCue]:
    """Sort cues by their starts, and give an end to those that have none after it."""
    ordered = sorted(written, key=lambda cue: cue.start)
    starts = [cue.start for cue in ordered]
    return [cue if _ends(cue) else replace(cue, end=_new_end(cue, starts)) for cue in ordered]


def _ends(cue: WrittenCue) -> bool:
    return cue.end is not None and cue.end > cue.start


def _new_end(cue: WrittenCue, starts: Sequence[int]) -> int:
    """When the words of a cue will have been said, or the next one begins."""
    words = round(1000 * expected_duration(cue.text, 1.0))
    after = bisect_right(starts, cue.start)
    following = starts[after] if after < len(starts) else math.inf
    return int(min(cue.start + max(_SHORTEST, words), following))
