"""Putting spoken segments together: one rate, one timeline, one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from utterly.audio import AudioChunk, Word
from utterly.speech import Attempt, Speech, SpokenSegment, Status

if TYPE_CHECKING:
    from utterly.audio import Samples


@dataclass(slots=True)
class SpeechAssembly:
    """A speech in the making.

    Attributes:
        chain: Configured names, first choice first.
        sample_rate: Of the result, in Hz.
        segments: What is in it so far.
    """

    chain: tuple[str, ...]
    sample_rate: int
    segments: list[SpokenSegment] = field(default_factory=list)
    _pieces: list[Samples] = field(default_factory=list)
    _frames: int = 0

    @property
    def duration(self) -> float:
        """Seconds of audio so far."""
        return self._frames / self.sample_rate

    def add(
        self,
        chunks: Sequence[AudioChunk],
        *,
        text: str,
        engine: str,
        voice: str,
        attempts: Sequence[Attempt],
        warnings: Sequence[str] = (),
    ) -> SpokenSegment:
        """Append one segment that was spoken whole."""
        samples = _resample(chunks, self.sample_rate)
        start = self.duration
        self._pieces.append(samples)
        self._frames += len(samples)
        words = (_shift(word, start) for chunk in chunks for word in chunk.words)
        segment = SpokenSegment(
            text=text,
            start=start,
            end=self.duration,
            engine=engine,
            voice=voice,
            words=tuple(words),
            attempts=tuple(attempts),
            warnings=tuple(warnings),
        )
        self.segments.append(segment)
        return segment

    def finish(self, status: Status) -> Speech:
        """The speech so far."""
        samples = np.concatenate([*self._pieces, np.empty(0, np.float32)])
        return Speech(samples, self.sample_rate, tuple(self.segments), status, self.chain)


def _resample(chunks: Sequence[AudioChunk], sample_rate: int) -> Samples:
    """Join chunks of one rate, at the rate of the result."""
    if not chunks:
        return np.empty(0, np.float32)
    samples = np.concatenate([chunk.samples for chunk in chunks])
    if chunks[0].sample_rate == sample_rate:
        return samples
    import soxr

    resampled: Samples = soxr.resample(samples, chunks[0].sample_rate, sample_rate)
    return resampled


def _shift(word: Word, seconds: float) -> Word:
    return Word(word.text, word.start + seconds, word.end + seconds)
