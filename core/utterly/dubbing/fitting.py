"""Speech that fits its time: without silence around it, and faster where it has to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from utterly.audio import AudioChunk, Word
from utterly.dubbing.stretching import stretch
from utterly.errors import UnsupportedError
from utterly.preferences import FASTEST
from utterly.release import join_chunks
from utterly.seams import quiet_frames

if TYPE_CHECKING:
    from utterly.extensions import Speak
    from utterly.request import SpeechRequest

LEAD_SECONDS = 0.005
TAIL_SECONDS = 0.02
"""Silence that is left before and after speech, so that no sound loses its edge."""

UNHEARD_SECONDS = 0.005
"""So much too long is as good as right."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How long a segment may take.

    Attributes:
        seconds: What it should fit into.
        limit: Seconds that it must fit into, however fast it has to be.
    """

    seconds: float
    limit: float


class Fitter:
    """Has segments spoken so that they fit, one after the other.

    What is too long is asked for again, faster; where that is not enough, or the engine has no
    speeds, the speech is stretched.

    Args:
        fastest: How much faster than usual, as a factor.

    Attributes:
        goal: Of the segment that is spoken next.
        stretch: How much faster than usual the last one was spoken.
    """

    def __init__(self, fastest: float) -> None:
        self._fastest = fastest
        self.goal = Goal(0.0, 0.0)
        self.stretch = 1.0

    def surround(self, speak: Speak) -> Speak:
        """Put this around an engine's attempt at a segment."""

        def speak_to_fit(request: SpeechRequest) -> Iterator[AudioChunk]:
            usual = _take(speak(request))
            seconds = self._choose_seconds(usual.duration)
            take = self._speak_faster(speak, request, usual, seconds)
            self.stretch = usual.duration / take.duration
            yield take

        return speak_to_fit

    def _choose_seconds(self, usual: float) -> float:
        """How long a segment is to take that usually takes so many seconds."""
        shortest = usual / self._fastest
        return min(max(self.goal.seconds, shortest), self.goal.limit)

    def _speak_faster(
        self, speak: Speak, request: SpeechRequest, usual: AudioChunk, seconds: float
    ) -> AudioChunk:
        """The segment in so many seconds: as it is, by the engine's own speed, by stretching."""
        take = usual
        if not _fits(take, seconds):
            take = min(
                take, _take_faster(speak, request, take, seconds), key=lambda take: take.duration
            )
        if not _fits(take, seconds):
            take = _stretch(take, take.duration / seconds)
        return take


def _fits(take: AudioChunk, seconds: float) -> bool:
    return take.duration <= seconds + UNHEARD_SECONDS


def _take_faster(
    speak: Speak, request: SpeechRequest, usual: AudioChunk, seconds: float
) -> AudioChunk:
    """Ask the engine for more speed; where it has none, what it usually says."""
    speed = min(request.speed * usual.duration / seconds, FASTEST)
    if speed <= request.speed:
        return usual
    try:
        return _take(speak(replace(request, speed=speed)))
    except UnsupportedError:
        return usual


def _take(chunks: Iterable[AudioChunk]) -> AudioChunk:
    """A segment as one piece, without the silence around it."""
    whole = join_chunks(tuple(chunks))
    samples, rate = whole.samples, whole.sample_rate
    lead = max(0, quiet_frames(samples) - round(LEAD_SECONDS * rate))
    tail = max(0, quiet_frames(samples[::-1]) - round(TAIL_SECONDS * rate))
    if lead + tail >= len(samples):  # softer than anything that counts as heard, but it is all
        return whole
    words = tuple(_shift(word, lead / rate) for word in whole.words)
    return replace(whole, samples=samples[lead : len(samples) - tail], words=words)


def _stretch(take: AudioChunk, factor: float) -> AudioChunk:
    words = tuple(Word(w.text, w.start / factor, w.end / factor) for w in take.words)
    return replace(take, samples=stretch(take.samples, take.sample_rate, factor), words=words)


def _shift(word: Word, lead: float) -> Word:
    return Word(word.text, max(0.0, word.start - lead), max(0.0, word.end - lead))
