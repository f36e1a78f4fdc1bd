"""Tests of how long each cue may be heard."""

from __future__ import annotations

import pytest

from utterly.dubbing.script import ScriptCue
from utterly.dubbing.slots import find_slots

CASES = {
    "alone": ([(1, 2)], [10]),
    "silence before the next": ([(1, 2), (5, 6)], [5, 10]),
    "one after the other": ([(1, 2), (2, 3)], [2, 10]),
    "somebody else goes on": ([(1, 5), (2, 3), (7, 8)], [7, 3, 10]),
    "at the same time": ([(1, 2), (1, 2), (4, 5)], [4, 4, 10]),
    "both end as the third begins": ([(1, 3), (2, 3), (3, 4)], [3, 3, 10]),
    "overlapping": ([(1, 3), (2, 4), (6, 7)], [3, 6, 10]),
    "up to the end": ([(1, 2), (3, 10)], [3, 10]),
}


@pytest.mark.parametrize("case", CASES)
def test_silence_after_each_cue(case: str) -> None:
    """It lasts until somebody speaks, and there is none while somebody does."""
    times, silent_until = CASES[case]
    cues = [ScriptCue(n, n, start, end) for n, (start, end) in enumerate(times, start=1)]

    assert silent_until == [slot.silent_until for slot in find_slots(cues, 10.0)]
