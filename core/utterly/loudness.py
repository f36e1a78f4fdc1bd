"""One loudness throughout: an engine that takes over is as loud as the one before it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from utterly.seams import RecentAudio

if TYPE_CHECKING:
    from utterly.audio import AudioChunk, Samples

BLOCK_SECONDS = 0.4
"""The gating block of ITU-R BS.1770: of less than that nothing can be said."""

MOST_DECIBELS = 12.0
"""A difference beyond that is no matter of level; it is left as it is."""


class LoudnessMatch:
    """Finds the gain of each engine of a request.

    The first that speaks is left as it is. Another one is measured when it first speaks, against
    what was heard before it (ITU-R BS.1770, integrated), and keeps its gain from then on. As long
    as nobody takes over, nothing is measured.

    Args:
        recent: What was heard last, at the result's rate.
        sample_rate: Of the result, in Hz.
    """

    def __init__(self, recent: RecentAudio, sample_rate: int) -> None:
        self._recent = recent
        self._sample_rate = sample_rate
        self._gains: dict[str, float] = {}

    def gain(self, chunk: AudioChunk) -> float:
        """The factor for an engine's audio, of which this chunk is the first of a segment."""
        known = self._gains.get(chunk.engine)
        if known is not None:
            return known
        if not self._gains:
            self._gains[chunk.engine] = 1.0
        elif min(chunk.duration, self._recent.seconds) >= BLOCK_SECONDS:
            self._gains[chunk.engine] = self._measure(chunk)
        return self._gains.get(chunk.engine, 1.0)

    def _measure(self, chunk: AudioChunk) -> float:
        before = measure_loudness(self._recent.samples(), self._sample_rate)
        difference = before - measure_loudness(chunk.samples, chunk.sample_rate)
        if not abs(difference) <= MOST_DECIBELS:  # also of silence, and where nothing can measure
            return 1.0
        loudest = float(abs(chunk.samples).max())
        return min(math.pow(10, difference / 20), max(1.0, 1 / loudest))


def measure_loudness(samples: Samples, sample_rate: int) -> float:
    """Integrated loudness in LUFS (ITU-R BS.1770), minus infinity for silence.

    Args:
        samples: Mono float32, `[frames]`, 0.4 s or more.
        sample_rate: In Hz.
    """
    try:
        import loudness
    except ImportError:  # it is not made for every platform
        return math.nan
    return float(loudness.integrated_loudness(samples, sample_rate))
