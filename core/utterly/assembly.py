"""Putting spoken audio together as it comes: one rate, one timeline, one result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from utterly.audio import AudioChunk, Word
from utterly.loudness import LoudnessMatch
from utterly.resampling import Resampler
from utterly.seams import RecentAudio, quiet_frames, soften_end, soften_start
from utterly.speech import Attempt, Speech, SpokenSegment, Status

if TYPE_CHECKING:
    from utterly.audio import Samples


RECENT_SECONDS = 10.0
"""How much of what was heard last an engine that takes over is compared with."""


class SpeechAssembly:
    """A speech in the making.

    Args:
        chain: Configured names, first choice first.
        sample_rate: Of the result, in Hz.
        keep_audio: Whether the result has the samples, or they only pass through.

    Attributes:
        segments: What is in it so far.
    """

    def __init__(
        self, chain: tuple[str, ...], sample_rate: int, *, keep_audio: bool = True
    ) -> None:
        self._chain = chain
        self._sample_rate = sample_rate
        self._resampler = Resampler(sample_rate)
        self._recent = RecentAudio(RECENT_SECONDS, sample_rate)
        self._match = LoudnessMatch(self._recent, sample_rate)
        self._keep_audio = keep_audio
        self._pieces: list[Samples] = []
        self._frames = 0
        self._start = 0
        self._pause = 0.0
        self._gain: float | None = None
        self._last: AudioChunk | None = None
        self._words: tuple[Word, ...] = ()
        self.segments: list[SpokenSegment] = []

    @property
    def duration(self) -> float:
        """Seconds of audio so far."""
        return self._frames / self._sample_rate

    def begin_segment(self, pause: float, chain: Sequence[str] = ()) -> None:
        """A segment is to be spoken.

        Args:
            pause: Seconds of silence between it and what was heard before.
            chain: Who is to speak it, where others than the request's own chain are.
        """
        if not set(chain) <= set(self._chain):
            self._chain = tuple(dict.fromkeys((*self._chain, *chain)))
        self._pause = pause if self._frames else 0.0

    def add(self, chunk: AudioChunk) -> Iterator[AudioChunk]:
        """Take in audio of the segment that is being spoken; it comes out at the result's rate."""
        self._last = chunk
        samples = chunk.samples
        if self._gain is None:
            yield from self._add_pause(chunk)
            self._gain = self._match.gain(chunk)
            samples = soften_start(samples, chunk.sample_rate)
        self._words += chunk.words
        converted = self._resampler.convert(samples, chunk.sample_rate)
        yield from self._append(self._level(converted), chunk.segment, chunk.engine)

    def end_segment(
        self,
        *,
        text: str,
        engine: str,
        voice: str,
        words: Sequence[Word],
        attempts: Sequence[Attempt],
        warnings: Sequence[str] = (),
        substituted: bool = False,
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
            substituted=substituted,
            complete=complete,
        )
        self.segments.append(segment)
        self._start = self._frames
        self._words = ()  # those that came after the last audio are in the result
        return segment

    def flush(self) -> Iterator[AudioChunk]:
        """One engine's audio ends: have out what the resampler still holds, down to zero."""
        last = self._last
        if last is not None and self._gain is not None:
            rest = self._level(self._resampler.flush())
            yield from self._append(rest, last.segment, last.engine)
            end = soften_end(self._recent.last(), self._sample_rate)
            yield from self._append(end, last.segment, last.engine)
            self._gain = None

    def add_silence(self, segment: int, seconds: float) -> Iterator[AudioChunk]:
        """Take in silence in place of what nobody could speak."""
        silence = np.zeros(round(seconds * self._sample_rate), np.float32)
        yield from self._append(silence, segment, engine="")

    def finish(self, status: Status) -> Speech:
        """The speech so far."""
        samples = np.concatenate([*self._pieces, np.empty(0, np.float32)])
        return Speech(
            samples, self._sample_rate, tuple(self.segments), status, self._chain, self._frames
        )

    def _add_pause(self, chunk: AudioChunk) -> Iterator[AudioChunk]:
        """What is missing to the pause, with the silence that is there on both sides."""
        if self._pause:
            there = self._recent.quiet_seconds()
            there += quiet_frames(chunk.samples) / chunk.sample_rate
            frames = round(max(0.0, self._pause - there) * self._sample_rate)
            silence = np.zeros(frames, np.float32)
            yield from self._append(silence, chunk.segment, chunk.engine)
        self._pause = 0.0
        self._start = self._frames

    def _level(self, samples: Samples) -> Samples:
        return samples if self._gain in (None, 1.0) else samples * np.float32(self._gain)

    def _append(self, samples: Samples, segment: int, engine: str) -> Iterator[AudioChunk]:
        if len(samples):
            if self._keep_audio:
                self._pieces.append(samples)
            self._recent.add(samples)
            self._frames += len(samples)
            words, self._words = self._words, ()
            yield AudioChunk(samples, self._sample_rate, segment, engine, words)


def _shift(word: Word, seconds: float) -> Word:
    return Word(word.text, word.start + seconds, word.end + seconds)
