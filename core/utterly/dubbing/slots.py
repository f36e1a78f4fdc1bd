"""How long each cue may be heard: its own time, and the silence after it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from utterly.dubbing.script import ScriptCue


@dataclass(frozen=True, slots=True)
class Slot:
    """The time of one cue.

    Attributes:
        start: Seconds; its speech starts here.
        end: Seconds; its own time is over.
        silent_until: Seconds; the silence after it is over, `end` where there is none.
        limit: Seconds; the track is over.
    """

    start: float
    end: float
    silent_until: float
    limit: float


def find_slots(cues: Sequence[ScriptCue], end: float) -> Iterator[Slot]:
    """Find the silence after each cue.

    It is silent where no cue has the word; those that nobody reads aloud do not count.

    Args:
        cues: In order of start; each of them is spoken.
        end: Of the track, in seconds.
    """
    starts = [cue.start for cue in cues]
    ends = [0.0, *accumulate((cue.end for cue in cues), max)]
    for cue in cues:
        begun = bisect_right(starts, cue.end)
        silent_until = cue.end
        if ends[begun] <= cue.end:
            silent_until = starts[begun] if begun < len(starts) else end
        yield Slot(cue.start, cue.end, silent_until, end)
