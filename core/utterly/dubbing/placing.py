"""A cue that is being spoken, and what is told of it once it stands on the track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from utterly.audio import AudioChunk, Word
from utterly.dubbing.dub import DubbedCue
from utterly.dubbing.fitting import UNHEARD_SECONDS, Goal
from utterly.dubbing.lines import CueLine

if TYPE_CHECKING:
    from utterly.audio import Samples
    from utterly.speech import SpokenSegment


@dataclass(slots=True)
class Take:
    """What has been spoken of one cue.

    Attributes:
        line: Its first line.
        first: Index of that in the script.
        sample_rate: Of the track, in Hz.
        last: Index of its last line that was spoken.
        frames: How much audio there is.
        stretch: How much faster than usual it was spoken, at most.
    """

    line: CueLine
    first: int
    sample_rate: int
    last: int = 0
    frames: int = 0
    stretch: float = 1.0
    _pieces: list[Samples] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How much audio there is."""
        return self.frames / self.sample_rate

    def add(self, chunk: AudioChunk, stretch: float) -> None:
        """Take in more audio; silence in place of what nobody could speak is not stretched."""
        self.last = chunk.segment
        self._pieces.append(chunk.samples)
        self.frames += len(chunk.samples)
        if chunk.engine:
            self.stretch = max(self.stretch, stretch)

    def samples(self) -> Samples:
        """All of the audio, `[frames]`."""
        return np.concatenate(self._pieces)

    def report(self, segments: Sequence[SpokenSegment]) -> DubbedCue:
        """What became of the cue.

        Args:
            segments: All that were spoken until now, one after the other without a gap.
        """
        cue, slot = self.line.cue, self.line.slot
        own = segments[self.first : self.last + 1]
        placed = tuple(_shift(segment, slot.start - own[0].start) for segment in own)
        report = DubbedCue(cue.number, cue.start, cue.end, cue.text, cue.speakers, placed)
        if not report.engine:
            return report
        end = min(slot.start + self.seconds, slot.limit)
        overrun = end - slot.silent_until
        return replace(
            report,
            stretch=round(self.stretch, 3),
            borrowed=round(max(0.0, min(end, slot.silent_until) - slot.end), 3),
            overrun=round(overrun, 3) if overrun > UNHEARD_SECONDS else 0.0,
        )


def find_goal(line: CueLine, elapsed: float) -> Goal:
    """How long a line may take.

    Args:
        line: The line.
        elapsed: Seconds that the lines before it took of their cue.
    """
    begin = line.slot.start + elapsed
    room, limit = line.slot.silent_until - begin, line.slot.limit - begin
    return Goal(max(0.0, room * line.share), max(UNHEARD_SECONDS, limit * line.share))


def _shift(segment: SpokenSegment, seconds: float) -> SpokenSegment:
    words = tuple(Word(w.text, w.start + seconds, w.end + seconds) for w in segment.words)
    return replace(segment, start=segment.start + seconds, end=segment.end + seconds, words=words)
