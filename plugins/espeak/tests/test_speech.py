"""Speed, pitch and volume, as they are heard."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import utterly_espeak
from utterly_espeak._pitch import Pitch, plan_pitch

_SENTENCE = "Hello, world. This is a test of the system, made for measuring the things we care for."


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.5, 2.0])
def test_speed_is_a_factor(say: Any, speed: float) -> None:
    """The time is shorter by it, within 15 percent: the library shortens pauses more."""
    ratio = say(_SENTENCE).duration / say(_SENTENCE, speed=speed).duration

    assert ratio == pytest.approx(speed, rel=0.15)


def test_words_per_minute_are_what_speed_one_is(say: Any) -> None:
    """The setting and the request multiply."""
    settings = utterly_espeak.EspeakSettings(words_per_minute=350)

    assert say(_SENTENCE, settings, speed=0.5).sounds_like(say(_SENTENCE))


def test_speed_beyond_the_library_is_its_fastest(say: Any) -> None:
    """450 words a minute is all it can do."""
    settings = utterly_espeak.EspeakSettings(words_per_minute=450)
    fastest = say(_SENTENCE, settings)

    assert fastest.duration == pytest.approx(say(_SENTENCE, settings, speed=2.0).duration, rel=0.02)


@pytest.mark.parametrize("voice", ["en-us", "en-us+f3", "de"])
@pytest.mark.parametrize("semitones", [-12, -7, -2, 2, 7, 12])
def test_pitch_is_in_semitones(
    say: Any, pitch_of: Callable[[Any], float], voice: str, semitones: int
) -> None:
    """The fundamental frequency moves by them, within one."""
    plain = pitch_of(say(_SENTENCE, voice=voice))
    moved = pitch_of(say(_SENTENCE, voice=voice, pitch=float(semitones)))

    assert semitones == pytest.approx(12 * math.log2(moved / plain), abs=1.0)


@pytest.mark.parametrize("semitones", [-12, 12])
def test_pitch_leaves_the_time_alone(say: Any, semitones: int) -> None:
    """Even where part of it is resampling."""
    moved = say(_SENTENCE, pitch=float(semitones))

    assert say(_SENTENCE).duration == pytest.approx(moved.duration, rel=0.05)


def test_no_pitch_asks_for_nothing() -> None:
    """The voice speaks as it is, and no file is read."""
    assert Pitch(50, 50, 1.0) == plan_pitch(0.0, Path("missing"))


@pytest.mark.parametrize("semitones", range(-12, 13))
def test_pitch_stays_within_the_parameters(semitones: int, data: Path) -> None:
    """The library would cut off what is beyond."""
    plan = plan_pitch(float(semitones), data / "lang" / "gmw" / "en-US")

    assert 0 <= plan.parameter <= 99
    assert 0 <= plan.range_parameter <= 99


@pytest.mark.parametrize("volume", [0.0, 0.1, 0.5, 1.2])
def test_volume_is_a_factor(say: Any, volume: float) -> None:
    """The amplitude follows it."""
    plain, changed = say(_SENTENCE), say(_SENTENCE, volume=volume)

    assert volume == pytest.approx(changed.samples.std() / plain.samples.std(), abs=0.03)


def test_loudest_volume_stays_in_range(say: Any) -> None:
    """Samples are cut at full scale."""
    samples = say(_SENTENCE, volume=2.0).samples

    assert np.abs(samples).max() == 1.0


def test_samples_are_as_the_contract_wants_them(say: Any) -> None:
    """Mono float32 at the rate that was described."""
    chunks = say(_SENTENCE).chunks

    assert {("float32", 1, 22_050)} == {
        (str(chunk.samples.dtype), chunk.samples.ndim, chunk.sample_rate) for chunk in chunks
    }


def test_nothing_of_a_request_is_left_for_the_next(say: Any) -> None:
    """The library's state is global; every request sets all of it."""
    before = say(_SENTENCE)
    say("Etwas ganz anderes.", voice="de+whisper", speed=2.0, pitch=9.0, volume=0.2)

    assert before.sounds_like(say(_SENTENCE))
