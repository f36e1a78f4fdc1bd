"""A segment's audio in pieces, and what faults make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from utterly.audio import Audio, Word

if TYPE_CHECKING:
    from utterly.testing.faults import Fault


def word_times(text: str, duration: float) -> tuple[Word, ...]:
    """Words of equal length, one after the other."""
    words = text.split()
    each = duration / max(1, len(words))
    return tuple(Word(word, place * each, (place + 1) * each) for place, word in enumerate(words))


def pieces(whole: Audio, seconds: float, first: int, last: int) -> Iterator[Audio]:
    """Part of a segment in pieces, each with the words that begin in it.

    Args:
        whole: The segment.
        seconds: Length of a piece.
        first: Frame to begin with.
        last: Frame to end before.
    """
    rate = whole.sample_rate
    step = max(1, round(seconds * rate))
    for start in range(first, last, step):
        end = min(start + step, last)
        words = tuple(word for word in whole.words if start <= word.start * rate < end)
        yield Audio(whole.samples[start:end], rate, words)


def spoil(audio: Iterator[Audio], fault: Fault) -> Iterator[Audio]:
    """The rest of a segment's audio, as a fault leaves it."""
    if fault.kind in ("stall", "truncate", "nothing"):
        return
    for piece in audio:
        yield _spoiled(piece, fault)


def _spoiled(piece: Audio, fault: Fault) -> Audio:
    import numpy as np

    samples, rate = piece.samples, piece.sample_rate
    match fault.kind:
        case "silence":
            return Audio(np.zeros_like(samples), rate)
        case "nan":
            return Audio(np.full_like(samples, np.nan), rate)
        case "stereo":
            return Audio(np.stack([samples, samples], axis=1), rate)
        case "integers":
            return Audio((samples * 32_767).astype(np.int16), rate)
        case "wrong_rate":
            return Audio(samples, 0 if fault.at == "before_audio" else rate // 2)
        case _:
            return piece
