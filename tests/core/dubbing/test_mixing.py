"""Tests of the growing track: each sound at its frame, mixed, never clipped."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.dubbing.mixing import BLOCK_FRAMES, LOOK_SECONDS, Mix

if TYPE_CHECKING:
    from utterly.audio import Samples

RATE = 24_000
LOOK = round(2 * LOOK_SECONDS * RATE)


def noise(frames: int, loudest: float = 0.9, seed: int = 1) -> Samples:
    """Noise between plus and minus `loudest`."""
    return np.random.default_rng(seed).uniform(-loudest, loudest, frames).astype(np.float32)


def mix(frames: int, *sounds: tuple[int, Samples]) -> Samples:
    """The whole track."""
    track = Mix(RATE, frames)
    blocks = [block for frame, samples in sounds for block in track.add(frame, samples)]
    return np.concatenate([np.empty(0, np.float32), *blocks, *track.finish()])


@given(
    frames=st.integers(0, 3_000),
    sounds=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 1_500)), max_size=5),
)
def test_track_is_the_sum_of_its_sounds(frames: int, sounds: Sequence[tuple[int, int]]) -> None:
    """To the sample, cut at the end of the track, where nothing is too loud."""
    places = accumulate(gap for gap, _length in sounds)
    added = [
        (place, noise(length, 0.15)) for place, (_gap, length) in zip(places, sounds, strict=True)
    ]
    expected = np.zeros(10_000, np.float32)
    for place, samples in added:
        expected[place : place + len(samples)] += samples

    np.testing.assert_allclose(expected[:frames], mix(frames, *added), atol=1e-6)


def test_overlap_is_turned_down_and_nothing_else() -> None:
    """What adds up to more than full scale is limited; a moment away all is as it was."""
    first, second = noise(30_000), noise(30_000, seed=2)
    track = mix(60_000, (0, first), (10_000, second))

    assert np.abs(track).max() <= 1.0 + 1e-6
    assert np.array_equal(first[: 10_000 - LOOK], track[: 10_000 - LOOK])
    assert np.array_equal(second[20_000 + LOOK :], track[30_000 + LOOK : 40_000])


def test_limiter_turns_down_smoothly() -> None:
    """The gain goes down and up again within its look, without a jump to be heard."""
    track = mix(
        24_000, (0, np.full(24_000, 0.5, np.float32)), (12_000, np.full(2, 1.5, np.float32))
    )

    assert np.abs(np.diff(track[:12_000])).max() < 0.005
    assert track[12_000:12_002].max() == pytest.approx(1.0)


def test_silence_comes_in_blocks() -> None:
    """Half an hour before a cue is never in memory at once."""
    track = Mix(RATE, 1800 * RATE)
    longest = max(len(block) for block in track.add(1799 * RATE, noise(RATE)))

    assert longest <= BLOCK_FRAMES


def test_track_that_breaks_off_ends_with_its_last_sound() -> None:
    """Nobody wants the silence after it."""
    track = Mix(RATE, 100_000)
    blocks = [*track.add(1_000, noise(500)), *track.break_off()]

    assert 1_500 == sum(map(len, blocks))
