"""Tests of loudness: an engine that takes over is as loud as the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from utterly.assembly import SpeechAssembly
from utterly.audio import AudioChunk
from utterly.loudness import measure_loudness

if TYPE_CHECKING:
    from utterly.audio import Samples

RATE = 24_000


def sine(amplitude: float, seconds: float = 1.0, rate: int = RATE) -> Samples:
    """A steady sound of 997 Hz, where BS.1770 weighs nothing."""
    return (amplitude * np.sin(2 * np.pi * 997 * np.arange(seconds * rate) / rate)).astype(
        np.float32
    )


def speak(*segments: tuple[str, Samples]) -> list[float]:
    """How loud each segment is in the result, in decibels against the first."""
    assembly = SpeechAssembly(("first", "second"), RATE)
    for index, (engine, samples) in enumerate(segments):
        list(assembly.add(AudioChunk(samples, RATE, index, engine)))
        list(assembly.flush())
        assembly.end_segment(text="", engine=engine, voice="", words=(), attempts=())
    samples = assembly.finish("complete").samples
    parts = (samples[round(s.start * RATE) : round(s.end * RATE)] for s in assembly.segments)
    levels = [20 * np.log10(np.sqrt(np.mean(part**2))) for part in parts]
    return [float(level - levels[0]) for level in levels]


@pytest.mark.parametrize("rate", [48_000, 24_000, 22_050])
def test_full_scale_sine_is_minus_3_lufs(rate: int) -> None:
    """The reference of ITU-R BS.1770: -3.01 for a sine of 997 Hz in one channel."""
    assert -3.01 == pytest.approx(measure_loudness(sine(1.0, 3.0, rate), rate), abs=0.1)


@pytest.mark.parametrize("amplitude", [0.1, 0.2, 0.4, 0.8])
def test_stand_in_is_as_loud_as_the_one_before(amplitude: float) -> None:
    """Louder or quieter by nature, it is matched, and so is its next segment."""
    levels = speak(("first", sine(0.3)), ("second", sine(amplitude)), ("second", sine(amplitude)))

    assert [0.0, 0.0, 0.0] == pytest.approx(levels, abs=0.3)


def test_engine_keeps_its_own_dynamics() -> None:
    """What an engine whispers after that stays a whisper."""
    levels = speak(("first", sine(0.3)), ("second", sine(0.3)), ("second", sine(0.03)))

    assert -20.0 == pytest.approx(levels[2], abs=0.3)


def test_first_choice_is_left_as_it_is() -> None:
    """Also when it comes back after a stand-in."""
    levels = speak(("first", sine(0.3)), ("second", sine(0.1)), ("first", sine(0.15)))

    assert -6.0 == pytest.approx(levels[2], abs=0.3)


def test_nothing_is_driven_beyond_full_scale() -> None:
    """A quiet voice with one loud sound is raised as far as there is room."""
    quiet = sine(0.1)
    quiet[100] = 0.9
    levels = speak(("first", sine(0.3)), ("second", quiet))

    raised = 20 * np.log10(0.1 / 0.3 / 0.9)
    assert raised == pytest.approx(levels[1], abs=0.3)


@pytest.mark.parametrize("amplitude", [0.0, 0.01])
def test_too_large_a_difference_is_left_alone(amplitude: float) -> None:
    """Silence, and what is no matter of level, is not blown up."""
    samples = sine(amplitude)
    samples[0] = 0.0001
    levels = speak(("first", sine(0.5)), ("second", samples), ("first", sine(0.5)))

    assert levels[1] < -30.0


def test_too_short_audio_is_left_alone() -> None:
    """BS.1770 says nothing of less than 0.4 s."""
    levels = speak(("first", sine(0.4)), ("second", sine(0.2, 0.3)))

    assert -6.0 == pytest.approx(levels[1], abs=0.3)
