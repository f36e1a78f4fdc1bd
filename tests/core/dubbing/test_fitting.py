"""Tests of speech that is made to fit: trimmed, asked for faster, stretched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from utterly import AudioChunk, SpeechRequest, UnsupportedError, Word
from utterly.dubbing.fitting import LEAD_SECONDS, TAIL_SECONDS, Fitter, Goal
from utterly.dubbing.stretching import stretch

if TYPE_CHECKING:
    from utterly.audio import Samples

RATE = 24_000
EXACT = 0.006
EVER = 1_000.0
PITCH = 220.0


def voice(seconds: float) -> Samples:
    """A steady sound, as of a voice: a pitch and some of its overtones."""
    times = np.arange(round(seconds * RATE)) / RATE
    overtones = np.sum([np.sin(2 * np.pi * PITCH * n * times) / n for n in range(1, 8)], axis=0)
    sound: Samples = (0.2 * overtones).astype(np.float32)
    return sound


def pitch(samples: Samples) -> float:
    """The lowest strong frequency in the middle of a sound, in Hz."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 18))
    return float(spectrum.argmax() * RATE / (1 << 18))


@dataclass
class Engine:
    """An engine that speaks for so many seconds, with silence around it.

    Attributes:
        seconds: At speed 1.
        has_speed: Whether it has other speeds.
        obeys: How much of a wish for more speed it fulfils, from 0 to 1.
        silence: Seconds, before and after.
        speeds: That it was asked for.
    """

    seconds: float
    has_speed: bool = True
    obeys: float = 1.0
    silence: float = 0.0
    speeds: list[float] = field(default_factory=list)

    def speak(self, request: SpeechRequest) -> Iterator[AudioChunk]:
        """Speak in two pieces."""
        if request.speed != 1 and not self.has_speed:
            raise UnsupportedError("it has no speed")
        self.speeds.append(request.speed)
        speed = 1 + self.obeys * (request.speed - 1)
        silence = np.zeros(round(self.silence * RATE), np.float32)
        samples = np.concatenate([silence, voice(self.seconds / speed), silence])
        word = Word("word", self.silence, self.silence + self.seconds / speed)
        middle = len(samples) // 2
        yield AudioChunk(samples[:middle], RATE, 0, "first", (word,))
        yield AudioChunk(samples[middle:], RATE, 0, "first")


def speak(
    engine: Engine, seconds: float, limit: float = EVER, fastest: float = 1.5
) -> tuple[AudioChunk, float]:
    """Have it fit; what comes out, and how much faster it is."""
    fitter = Fitter(fastest)
    fitter.goal = Goal(seconds, limit)
    (take,) = fitter.surround(engine.speak)(SpeechRequest("word"))
    return take, fitter.stretch


def test_what_fits_is_left_alone() -> None:
    """It is asked for once, and comes as it is."""
    engine = Engine(1.0)
    take, factor = speak(engine, 1.0)

    assert ([1.0], 1.0) == (engine.speeds, factor)
    assert np.array_equal(voice(1.0), take.samples)


def test_silence_around_it_is_no_part_of_speech() -> None:
    """So that it is heard when the cue comes, and no time is lost at its end."""
    engine = Engine(1.0, silence=0.4)
    take, factor = speak(engine, 1.1)

    assert ([1.0], 1.0) == (engine.speeds, factor)
    assert 1.0 + LEAD_SECONDS + TAIL_SECONDS == pytest.approx(take.duration, abs=0.001)
    assert LEAD_SECONDS == pytest.approx(take.words[0].start, abs=0.001)


def test_engine_is_asked_for_its_own_speed_first() -> None:
    """What it then says is not touched any more."""
    engine = Engine(1.2)
    take, factor = speak(engine, 1.0)

    assert [1.0, pytest.approx(1.2)] == engine.speeds
    assert np.array_equal(voice(1.0), take.samples)
    assert 1.2 == pytest.approx(factor, abs=0.001)


@pytest.mark.parametrize(
    "engine", [Engine(1.2, has_speed=False), Engine(1.2, obeys=0.4), Engine(1.2, obeys=0.0)]
)
def test_rest_is_stretched_at_the_same_pitch(engine: Engine) -> None:
    """Where the engine has no speeds, or does not do all that it is asked for."""
    take, factor = speak(engine, 1.0)

    assert 1.0 == pytest.approx(take.duration, abs=EXACT)
    assert 1.2 == pytest.approx(factor, abs=0.01)
    assert PITCH == pytest.approx(pitch(take.samples), rel=0.005)
    assert pytest.approx((0.0, 1.0), abs=EXACT) == (take.words[0].start, take.words[0].end)


def test_no_faster_than_the_limit() -> None:
    """Then it is longer than its time."""
    take, factor = speak(Engine(2.0), 1.0)

    assert 2.0 / 1.5 == pytest.approx(take.duration, abs=EXACT)
    assert 1.5 == pytest.approx(factor, abs=0.01)


def test_end_of_the_track_is_an_end() -> None:
    """There it has to fit, however fast: by the engine as far as it goes, then stretched."""
    engine = Engine(3.0)
    take, factor = speak(engine, 1.0, limit=1.0)

    assert [1.0, 2.0] == engine.speeds
    assert 1.0 == pytest.approx(take.duration, abs=EXACT)
    assert 3.0 == pytest.approx(factor, abs=0.02)


def test_very_soft_speech_is_not_taken_for_silence() -> None:
    """All of it is kept where nothing in it counts as heard."""

    def whisper(_request: SpeechRequest) -> Iterator[AudioChunk]:
        yield AudioChunk(voice(0.5) * np.float32(0.004), RATE, 0, "first")

    fitter = Fitter(1.5)
    fitter.goal = Goal(1.0, EVER)
    (take,) = fitter.surround(whisper)(SpeechRequest("word"))

    assert 0.5 == pytest.approx(take.duration)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
@pytest.mark.parametrize("factor", [1.01, 1.3, 2.0, 8.0])
def test_stretched_speech_is_as_long_as_was_asked_for(rate: int, factor: float) -> None:
    """To the sample, but for rounding; it is heard from its beginning to its end."""
    lead = np.zeros(round(LEAD_SECONDS * rate), np.float32)
    samples = np.concatenate([lead, voice(2.0)])
    shorter = stretch(samples, rate, factor)

    assert len(samples) / factor == pytest.approx(len(shorter), abs=1)
    loud = np.flatnonzero(np.abs(shorter) > 0.2)
    assert 0.02 > loud[0] / rate
    assert 0.02 > (len(shorter) - loud[-1]) / rate
