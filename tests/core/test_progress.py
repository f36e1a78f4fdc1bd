"""Tests of progress: what is counted, how it is told, and that a notebook is not flooded."""

from __future__ import annotations

import pytest

from utterly.events import Event, RequestEnded, RequestStarted, SegmentSkipped, SegmentSpoken
from utterly.progress import SpeakingProgress, format_seconds


class Clock:
    """A time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def read(self) -> float:
        """The time."""
        return self.now


def started(segments: int | None) -> Event:
    """A request begins."""
    return RequestStarted(1, ("first",), segments)


def spoken(duration: float = 2.0) -> Event:
    """A segment is spoken."""
    return SegmentSpoken(1, 0, "first", "anna", substituted=False, complete=True, duration=duration)


def test_line_tells_share_speech_and_time_left() -> None:
    """The rest takes as long for each sentence as what is done."""
    clock = Clock()
    progress = SpeakingProgress(clock.read)
    progress(started(100))
    clock.now = 50.0
    for _ in range(20):
        progress(spoken())

    assert "20% spoken: 40 s of speech, 3 min 20 s left" == progress.line()


@pytest.mark.parametrize("segments", [None, 4])
def test_what_is_short_or_has_no_end_is_not_told(segments: int | None) -> None:
    """There is nothing to say that would help."""
    progress = SpeakingProgress()
    progress(started(segments))
    progress(spoken())

    assert "" == progress.line()


def test_how_far_it_came_counts_what_was_left_out() -> None:
    """A sentence that nobody could speak is done with, too."""
    progress = SpeakingProgress()
    progress(started(10))
    progress(spoken())
    progress(SegmentSkipped(1, 1, 3.0))
    progress(RequestEnded(1, "partial", 1, 2, 5.0))

    assert "2 of 10 sentences (5.0 s)" == progress.so_far()


def test_nothing_spoken_is_nothing_to_tell() -> None:
    """An interruption before the first word came nowhere."""
    progress = SpeakingProgress()
    progress(started(10))

    assert "" == progress.so_far()


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.24, "0.2 s"),
        (4, "4 s"),
        (9.5, "9.5 s"),
        (59, "59 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_times_are_told_as_people_do(seconds: float, told: str) -> None:
    """Nobody counts in thousands of seconds, or in tenths of many."""
    assert told == format_seconds(seconds)
