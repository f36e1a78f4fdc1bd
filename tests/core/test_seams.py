"""Tests of seams: no click where audio begins or ends, and a natural pause between segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.assembly import SpeechAssembly
from utterly.audio import AudioChunk
from utterly.seams import NEAR_ZERO, RecentAudio, quiet_frames, soften_end, soften_start

RATE = 24_000


def constant(seconds: float, value: float = 0.5) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Audio that begins and ends with a jump."""
    return np.full(round(seconds * RATE), value, np.float32)


def speak(*segments: Sequence[np.ndarray[tuple[int], np.dtype[np.float32]]]) -> SpeechAssembly:
    """Put segments together with a pause of 0.3 s; each is given in chunks."""
    assembly = SpeechAssembly(("first",), RATE)
    for index, pieces in enumerate(segments):
        assembly.begin_segment(0.3)
        for piece in pieces:
            list(assembly.add(AudioChunk(piece, RATE, index, "first")))
        list(assembly.flush())
        assembly.end_segment(text="", engine="first", voice="", words=(), attempts=())
    return assembly


def largest_jump(assembly: SpeechAssembly) -> float:
    """Between two samples of the result, silence before and after it included."""
    samples = assembly.finish("complete").samples
    return float(np.abs(np.diff(samples, prepend=0.0, append=0.0)).max())


def test_segments_are_seamless() -> None:
    """No click, though the engine's audio begins and ends in the middle of a sound."""
    assembly = speak([constant(0.2)], [constant(0.2, -0.9)], [constant(0.1, 0.01)])

    assert largest_jump(assembly) < 0.02


def test_pause_lies_between_segments() -> None:
    """Neither before the first, nor in anybody's time."""
    first, second = speak([constant(0.2)], [constant(0.2)]).segments

    assert 0.0 == first.start
    assert 0.3 == pytest.approx(second.start - first.end, abs=0.001)


def test_silence_of_the_engines_counts() -> None:
    """What is silent at the end of one and at the start of the next is not added once more."""
    quiet = constant(0.1, 0.0)
    first, second = speak([constant(0.2), quiet], [quiet, constant(0.2)]).segments

    assert 0.1 == pytest.approx(second.start - first.end, abs=0.001)


def test_longer_silence_stays() -> None:
    """The pause is the least, not the most."""
    first, second = speak([constant(0.2), constant(0.5, 0.0)], [constant(0.2)]).segments

    assert first.end == second.start


def test_audio_from_and_to_zero_is_left_alone() -> None:
    """An engine that does it right has its samples as they were."""
    samples = np.sin(np.linspace(0.0, 20 * np.pi, 4_800)).astype(np.float32)
    (made,) = [soften_start(samples, RATE)]

    assert samples is made
    assert 0 == len(soften_end(NEAR_ZERO / 2, RATE))


@given(st.lists(st.integers(0, 3_000), max_size=12), st.integers(1, 4_000))
def test_memory_of_what_was_heard_is_bounded(lengths: list[int], wanted: int) -> None:
    """As much as is wanted where there is so much, and never more than a piece beyond it."""
    recent = RecentAudio(wanted / RATE, RATE)
    for length in lengths:
        recent.add(np.zeros(length, np.float32))

    frames = round(recent.seconds * RATE)
    assert len(recent.samples()) == frames
    assert min(wanted, sum(lengths)) <= frames <= wanted + max([*lengths, 0])


@given(st.lists(st.sampled_from([0.0, 0.5]), max_size=8))
def test_quiet_end_reaches_back_over_pieces(levels: list[float]) -> None:
    """Silence is counted back to the last sound, in whatever pieces it came."""
    recent = RecentAudio(1.0, RATE)
    for level in levels:
        recent.add(constant(0.01, level))

    quiet = next((n for n, level in enumerate(reversed(levels)) if level), len(levels))
    assert 0.01 * quiet == pytest.approx(recent.quiet_seconds())


def test_quiet_start_is_counted_to_the_first_sound() -> None:
    """Silence throughout is quiet to its end."""
    assert (240, 2, 0) == (
        quiet_frames(constant(0.01, 0.001)),
        quiet_frames(np.array([0.0, 0.0, 0.1, 0.0], np.float32)),
        quiet_frames(np.empty(0, np.float32)),
    )
