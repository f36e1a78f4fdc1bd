"""Putting spoken audio together as it comes: one rate, one timeline, one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from utterly.audio import AudioChunk, Word
from utterly.speech import Attempt, Speech, SpokenSegment, Status

if TYPE_CHECKING:
    from utterly.audio import Samples


class SpeechAssembly:
    """A speech in the making.

    Args:
        chain: Configured names, first choice first.
        sample_rate: Of the result, in Hz.

    Attributes:
        segments: What is in it so far.
    """

    def __init__(self, chain: tuple[str, ...], sample_rate: int) -> None:
        self._chain = chain
        self._sample_rate = sample_rate
        self._resampler = Resampler(sample_rate)
        self._pieces: list[Samples] = []
        self._frames = 0
        self._start = 0
        self._last: AudioChunk | None = None
        self._words: tuple[Word, ...] = ()
        self.segments: list[SpokenSegment] = []

    @property
    def duration(self) -> float:
        """Seconds of audio so far."""
        return self._frames / self._sample_rate

    def add(self, chunk: AudioChunk) -> Iterator[AudioChunk]:
        """Take in audio of the segment that is being spoken; it comes out at the result's rate."""
        self._last = chunk
        yield from self._append(chunk, self._resampler.convert(chunk))

    def end_segment(
        self,
        *,
        text: str,
        engine: str,
        voice: str,
        words: Sequence[Word],
        attempts: Sequence[Attempt],
        warnings: Sequence[str] = (),
        complete: bool = True,
    ) -> SpokenSegment:
        """Note who spoke the audio that came in since the last segment ended."""
        start = self._start / self._sample_rate
        segment = SpokenSegment(
            text=text,
            start=start,
            end=self.duration,
            engine=engine,
            voice=voice,
            words=tuple(_shift(word, start) for word in words),
            attempts=tuple(attempts),
            warnings=tuple(warnings),
            complete=complete,
        )
        self.segments.append(segment)
        self._start = self._frames
        self._words = ()  # those that came after the last audio are in the result
        return segment

    def flush(self) -> Iterator[AudioChunk]:
        """Have out what the resampler still holds when one engine's audio ends."""
        if self._last is not None:
            yield from self._append(replace(self._last, words=()), self._resampler.flush())

    def add_silence(self, segment: int, seconds: float) -> Iterator[AudioChunk]:
        """Take in silence in place of what nobody could speak."""
        silence = np.zeros(round(seconds * self._sample_rate), np.float32)
        yield from self._append(AudioChunk(silence, self._sample_rate, segment, ""), silence)

    def finish(self, status: Status) -> Speech:
        """The speech so far."""
        samples = np.concatenate([*self._pieces, np.empty(0, np.float32)])
        return Speech(samples, self._sample_rate, tuple(self.segments), status, self._chain)

    def _append(self, chunk: AudioChunk, samples: Samples) -> Iterator[AudioChunk]:
        self._words += chunk.words
        if len(samples):
            self._pieces.append(samples)
            self._frames += len(samples)
            words, self._words = self._words, ()
            yield replace(chunk, samples=samples, sample_rate=self._sample_rate, words=words)


class Resampler:
    """Brings one engine's audio after the other to one rate, without a seam within each.

    Args:
        sample_rate: The rate that comes out, in Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._stream: Any = None

    def convert(self, chunk: AudioChunk) -> Samples:
        """The chunk's samples at the rate that is wanted, as far as they can be known yet."""
        if chunk.sample_rate == self._sample_rate:
            return chunk.samples
        if self._stream is None:
            self._stream = self._open(chunk.sample_rate)
        converted: Samples = self._stream.resample_chunk(chunk.samples)
        return converted

    def flush(self) -> Samples:
        """The end of the audio; what comes next is another engine's."""
        if self._stream is None:
            return np.empty(0, np.float32)
        rest: Samples = self._stream.resample_chunk(np.empty(0, np.float32), last=True)
        self._stream = None
        return rest

    def _open(self, rate: int) -> Any:
        import soxr

        return soxr.ResampleStream(rate, self._sample_rate, 1, dtype="float32")


def _shift(word: Word, seconds: float) -> Word:
    return Word(word.text, word.start + seconds, word.end + seconds)
