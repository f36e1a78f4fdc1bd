"""Cues: what stands on the screen, and from when to when."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from utterly.subtitles.clusters import split_clusters
from utterly.subtitles.lines import break_lines
from utterly.subtitles.times import Clock

if TYPE_CHECKING:
    from utterly.speech import SpokenSegment

_READABLE = 1000
_LINGER = 500
"""Milliseconds: a cue that is shorter than the first stays up after its speech for the second, at
most. Netflix allows 12 frames, half a second."""

_FLICKER = 83
"""Milliseconds, two frames of 24 a second: a shorter gap between two cues is seen as a flicker."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Lines of text on the screen.

    Attributes:
        start: Seconds from the start of the speech, in whole milliseconds.
        end: Seconds, at least a millisecond later.
        lines: One or two, neither blank.
    """

    start: float
    end: float
    lines: tuple[str, ...]


def make_cues(segments: Iterable[SpokenSegment]) -> tuple[Cue, ...]:
    """Make the subtitles of a speech.

    Each segment that was spoken gives a cue, or several where it does not fit into two lines of 42
    letters or 16 wide characters. A cue begins with its speech and ends with it; one that is too
    short to be read stays up a little longer, but never beyond the start of the next.

    Args:
        segments: In the order they are heard.

    Returns:
        Cues in order, none overlapping the next. Their text is that of the segments, up to white
        space.
    """
    spoken = [cue for segment in segments if segment.engine for cue in _cues(segment)]
    starts = _increasing(round(cue.start * 1000) for cue in spoken)
    return tuple(
        Cue(start / 1000, _end(start, round(cue.end * 1000), following) / 1000, cue.lines)
        for cue, (start, following) in zip(spoken, pairwise([*starts, math.inf]), strict=True)
    )


def _cues(segment: SpokenSegment) -> Iterator[Cue]:
    """The cues of a segment, each from the start of its speech to its end."""
    clusters = split_clusters(segment.text)
    clock = Clock(segment, clusters)
    for spans in break_lines(clusters):
        lines = ("".join(clusters[slice(*span)]).strip() for span in spans)
        start, end = clock.start(spans[0][0]), clock.end(spans[-1][1])
        yield Cue(start, end, tuple(filter(None, lines)))


def _increasing(moments: Iterable[int]) -> Iterator[int]:
    """Each moment, or the first that is left after the one before it."""
    earliest = 0
    for moment in moments:
        start = max(moment, earliest)
        yield start
        earliest = start + 1


def _end(start: float, speech_end: float, following: float) -> float:
    """When a cue goes, in milliseconds.

    Args:
        start: When it comes.
        speech_end: When its speech ends.
        following: When the next one comes.
    """
    readable = min(start + _READABLE, speech_end + _LINGER)
    end = max(speech_end, readable, start + 1)
    return following if following - end < _FLICKER else end
