"""Letting audio go: what is kept in hand, where a broken segment is cut, and what is left of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from utterly.audio import AudioChunk, Word

if TYPE_CHECKING:
    from utterly.audio import Samples

FADE_SECONDS = 0.015
"""A cut in the middle of a sound would click."""

ROUNDING_SECONDS = 0.001
"""A cut falls on a whole frame, so it may lie a little after the end of the word it follows."""

KEEP_ALL = math.inf
"""Hold back everything until the segment is whole, as where nobody is listening yet."""


class HoldBack:
    """The audio of one segment, of which the end is kept in hand.

    While all of it is in hand, a failure costs nothing. Once some has been let go, what is in hand
    can at least end where a word does.

    Args:
        seconds: How much to keep.

    Attributes:
        released: Seconds that were let go.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: list[AudioChunk] = []
        self._words: list[Word] = []
        self.released = 0.0

    def add(self, chunk: AudioChunk) -> Iterator[AudioChunk]:
        """Take a chunk in; what need not be kept any longer comes out."""
        self._kept.append(chunk)
        self._words += chunk.words
        while self._kept and self._in_hand() - self._kept[0].duration >= self._seconds:
            yield self._let_go(self._kept.pop(0))

    def finish(self) -> Iterator[AudioChunk]:
        """The segment is whole: everything that is in hand comes out, in one piece."""
        if self._kept:
            yield self._let_go(join_chunks(self._kept))
            self._kept.clear()

    def cut(self) -> Iterator[AudioChunk]:
        """The segment breaks off: what is in hand comes out up to the last whole word, faded."""
        left = self._end_of_last_word() - self.released
        for chunk in _shorten(self._kept, left):
            yield self._let_go(chunk)
        self._kept.clear()

    def words(self) -> tuple[Word, ...]:
        """The words of which anything was let go, none reaching beyond that."""
        begun = (word for word in self._words if word.start < self.released - ROUNDING_SECONDS)
        return tuple(replace(word, end=min(word.end, self.released)) for word in begun)

    def _in_hand(self) -> float:
        return sum(chunk.duration for chunk in self._kept)

    def _let_go(self, chunk: AudioChunk) -> AudioChunk:
        self.released += chunk.duration
        return chunk

    def _end_of_last_word(self) -> float:
        """Where to cut; the end of the audio where no word ends within what is in hand."""
        available = self.released + self._in_hand()
        ends = (word.end for word in self._words if self.released <= word.end <= available)
        return max(ends, default=available)


def rest_of(text: str, spoken: Sequence[Word]) -> str | None:
    """What of a text was not begun.

    Args:
        text: The segment.
        spoken: The words that were begun, in order.

    Returns:
        The rest, perhaps blank; `None` where the words do not tell.
    """
    place = 0
    for word in spoken:
        found = text.find(word.text, place)
        if found < 0:
            return None
        place = found + len(word.text)
    return text[place:] if spoken else None


def join_chunks(chunks: Sequence[AudioChunk]) -> AudioChunk:
    """Several chunks of one segment as one."""
    if len(chunks) == 1:
        return chunks[0]
    samples = np.concatenate([chunk.samples for chunk in chunks])
    words = tuple(word for chunk in chunks for word in chunk.words)
    return replace(chunks[0], samples=samples, words=words)


def _shorten(chunks: Sequence[AudioChunk], seconds: float) -> Iterator[AudioChunk]:
    """The chunks up to a moment, fading out before it."""
    if not chunks:
        return
    samples = join_chunks(chunks).samples
    kept = _fade_out(samples[: round(seconds * chunks[0].sample_rate)], chunks[0].sample_rate)
    if len(kept):
        yield replace(chunks[0], samples=kept, words=())


def _fade_out(samples: Samples, sample_rate: int) -> Samples:
    faded = samples.copy()
    length = min(len(faded), round(FADE_SECONDS * sample_rate))
    if length:
        faded[-length:] *= np.linspace(1.0, 0.0, length, dtype=np.float32)
    return faded
