"""Where one piece of a segment ends and the next one begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from utterly import Audio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from utterly_kokoro._engine import Utterance

FRAMES_PER_SECOND = 40
"""In which durations are counted: 600 samples each."""

_FRAME = 600
_QUIET = 0.003
"""Below that (-50 dBFS) a sample counts as silence."""

_PART = 4_800
"""Samples: a fifth of a second."""


def cut_silence(
    utterance: Utterance, *, before: bool, after: bool
) -> tuple[float, NDArray[np.float32]]:
    """Take away the silence that the network puts around what it takes for a whole utterance.

    Within a segment there is the pause of the punctuation, which the network speaks as a phoneme
    of its own, and no other. Nothing that can be heard is cut.

    Args:
        utterance: One piece.
        before: Whether another piece comes before it.
        after: Whether another one follows.

    Returns:
        How many seconds are gone from the start, and what is left.
    """
    samples = utterance.samples
    first = _count_quiet(samples[: utterance.durations[0] * _FRAME]) if before else 0
    ending = samples[len(samples) - utterance.durations[-1] * _FRAME :]
    last = len(samples) - (_count_quiet(ending[::-1]) if after else 0)
    return first / FRAMES_PER_SECOND / _FRAME, samples[first:last]


def in_parts(audio: Audio) -> Iterator[Audio]:
    """Give out audio in small parts, the words with the first one.

    Whoever streams keeps a little audio in hand, in case that something fails. Of one large part
    that would be all of it.
    """
    for start in range(0, len(audio.samples), _PART):
        words = audio.words if start == 0 else ()
        yield Audio(audio.samples[start : start + _PART], audio.sample_rate, words)


def _count_quiet(samples: NDArray[np.float32]) -> int:
    """How many samples pass before the first that can be heard."""
    heard = np.abs(samples) > _QUIET
    return int(heard.argmax()) if heard.any() else len(samples)
