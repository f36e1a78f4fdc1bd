"""Between two pieces of a segment there is the pause of the punctuation, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from utterly import Audio, Word
from utterly_kokoro._engine import Utterance
from utterly_kokoro._seams import cut_silence, in_parts


def _utterance(before: int, after: int) -> Utterance:
    """Two frames of silence, of which sound may fill some samples, around one of sound."""
    samples = np.full(5 * 600, 0.5, np.float32)
    samples[: 1200 - before] = 0.001
    samples[1800 + after :] = 0.001
    return Utterance(samples, [2, 1, 2])


@pytest.mark.parametrize(
    ("before", "after", "seconds", "samples"),
    [
        (False, False, 0, 3000),
        (True, False, 0.05, 1800),
        (False, True, 0, 1800),
        (True, True, 0.05, 600),
    ],
)
def test_silence_within_a_segment_is_cut(
    before: bool, after: bool, seconds: float, samples: int
) -> None:
    """At the ends of the segment it stays."""
    gone, left = cut_silence(_utterance(0, 0), before=before, after=after)

    assert seconds == pytest.approx(gone)
    assert samples == len(left)


def test_nothing_that_is_heard_is_cut() -> None:
    """A sound may reach into what the network counts as silence."""
    gone, left = cut_silence(_utterance(600, 300), before=True, after=True)

    assert 0.025 == pytest.approx(gone)
    assert np.abs(left).min() > 0.1
    assert 600 + 600 + 300 == len(left)


def test_parts_are_the_whole() -> None:
    """The words come with the first, before they are heard."""
    words = (Word("one", 0.0, 0.2), Word("two", 0.3, 0.5))
    audio = Audio(np.arange(12_000, dtype=np.float32), 24_000, words)
    parts = list(in_parts(audio))

    assert np.array_equal(audio.samples, np.concatenate([part.samples for part in parts]))
    assert [words, (), ()] == [part.words for part in parts]
