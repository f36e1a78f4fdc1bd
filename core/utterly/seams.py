"""Where one segment's audio ends and the next one's begins: no click, and a natural pause."""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from utterly.audio import Samples

SENTENCE_PAUSE = 0.3
"""Seconds of silence between sentences, what the engines themselves leave included."""

PARAGRAPH_PAUSE = 0.7
"""The same between paragraphs."""

RAMP_SECONDS = 0.003
"""Short enough to leave a consonant alone, long enough not to click."""

NEAR_ZERO = 0.001
"""A jump to or from that little (-60 dBFS) cannot be heard."""

_QUIET = 0.003
"""Below that (-50 dBFS) a sample counts as silence between words."""


class RecentAudio:
    """What was heard last.

    Args:
        seconds: How much is remembered; a little more is kept.
        sample_rate: In Hz.
    """

    def __init__(self, seconds: float, sample_rate: int) -> None:
        self._wanted = round(seconds * sample_rate)
        self._sample_rate = sample_rate
        self._pieces: deque[Samples] = deque()
        self._frames = 0

    @property
    def seconds(self) -> float:
        """How much there is."""
        return self._frames / self._sample_rate

    def add(self, samples: Samples) -> None:
        """Remember more, and forget what is too long ago."""
        self._pieces.append(samples)
        self._frames += len(samples)
        while self._frames - len(self._pieces[0]) >= self._wanted:
            self._frames -= len(self._pieces.popleft())

    def samples(self) -> Samples:
        """All that is remembered, `[frames]`."""
        return np.concatenate([*self._pieces, np.empty(0, np.float32)])

    def last(self) -> float:
        """The very last sample, 0 where there is none."""
        return float(self._pieces[-1][-1]) if self._pieces else 0.0

    def quiet_seconds(self) -> float:
        """How long it has been silent at the end."""
        frames = 0
        for piece in reversed(self._pieces):
            quiet = quiet_frames(piece[::-1])
            frames += quiet
            if quiet < len(piece):
                break
        return frames / self._sample_rate


def natural_pause(speed: float, *, new_paragraph: bool) -> float:
    """Seconds of silence before a segment, shorter in faster speech."""
    return (PARAGRAPH_PAUSE if new_paragraph else SENTENCE_PAUSE) / speed


def quiet_frames(samples: Samples) -> int:
    """How many samples pass before the first that can be heard."""
    heard = np.abs(samples) > _QUIET
    first = int(heard.argmax()) if len(heard) else 0
    return first if len(heard) and heard[first] else len(samples)


def soften_start(samples: Samples, sample_rate: int) -> Samples:
    """The same audio, rising from zero if it would begin with a jump."""
    if not len(samples) or abs(samples[0]) <= NEAR_ZERO:
        return samples
    softened = samples.copy()
    ramp = _ramp(sample_rate)[: len(softened)]
    softened[: len(ramp)] *= ramp
    return softened


def soften_end(last: float, sample_rate: int) -> Samples:
    """What to add after audio so that it does not end with a jump; nothing where it does not.

    Args:
        last: Its last sample.
        sample_rate: In Hz.
    """
    if abs(last) <= NEAR_ZERO:
        return np.empty(0, np.float32)
    return np.float32(last) * _ramp(sample_rate)[::-1]


@cache
def _ramp(sample_rate: int) -> Samples:
    """From 0 to just below 1."""
    length = round(RAMP_SECONDS * sample_rate)
    return np.arange(length, dtype=np.float32) / np.float32(length)
