"""The engine, loaded once, and a way to speak with it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import utterly_espeak
from utterly import Audio, Context, SpeechRequest, Word
from utterly_espeak._engine import Espeak
from utterly_espeak._finding import find_library


@dataclass(frozen=True)
class Spoken:
    """Everything that came of one request."""

    chunks: list[Audio]

    @property
    def samples(self) -> NDArray[np.float32]:
        """All of it, `[frames]`."""
        return np.concatenate([np.zeros(0, np.float32), *(chunk.samples for chunk in self.chunks)])

    @property
    def words(self) -> list[Word]:
        """All of them, in order."""
        return [word for chunk in self.chunks for word in chunk.words]

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / 22_050

    @property
    def level(self) -> float:
        """Root mean square in dBFS."""
        return float(20 * np.log10(np.sqrt(np.mean(self.samples**2)) + 1e-9))

    def envelope(self) -> NDArray[np.float32]:
        """Level in steps of 20 ms."""
        steps = len(self.samples) // 441
        squares = self.samples[: steps * 441].reshape(-1, 441) ** 2
        levels: NDArray[np.float32] = np.sqrt(squares.mean(axis=1))
        return levels

    def sounds_like(self, other: Spoken) -> bool:
        """Whether both say the same.

        The library's breath noise is never the same twice: envelopes of the same words were seen to
        correlate at 0.85 and more, those of others at 0.48 and less.
        """
        steps = min(len(self.envelope()), len(other.envelope()))
        alike = np.corrcoef(self.envelope()[:steps], other.envelope()[:steps])[0, 1]
        return bool(abs(self.duration - other.duration) < 0.05 and alike > 0.7)


Say = Callable[..., Spoken]


@pytest.fixture
def settings() -> utterly_espeak.EspeakSettings:
    """Settings as they are by themselves."""
    return utterly_espeak.EspeakSettings()


@pytest.fixture
def model(settings: utterly_espeak.EspeakSettings) -> Iterator[Espeak]:
    """The loaded engine."""
    model = utterly_espeak.load(settings)
    yield model
    utterly_espeak.unload(model)


@pytest.fixture
def say(model: Espeak, settings: utterly_espeak.EspeakSettings) -> Say:
    """Speak a text with the loaded engine, to the end."""

    def say(text: str, settings: Any = settings, **request: Any) -> Spoken:
        request_ = SpeechRequest(text, **request)
        return Spoken(list(utterly_espeak.synthesize(settings, model, request_, Context())))

    return say


@pytest.fixture
def data(settings: utterly_espeak.EspeakSettings) -> Path:
    """The folder of the library's data."""
    return find_library(settings).data


@pytest.fixture
def run_python() -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Run a program in a process of its own."""

    def run(program: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def pitch_of() -> Callable[[Spoken], float]:
    """Measure the fundamental frequency in Hz: the median over voiced frames of 60 ms."""
    return lambda spoken: float(np.median(list(_fundamentals(spoken.samples))))


def _fundamentals(samples: NDArray[np.float32]) -> Iterator[float]:
    for start in range(0, len(samples) - 1323, 441):
        frame = samples[start : start + 1323] - samples[start : start + 1323].mean()
        if frame.std() < 0.03:
            continue
        lags = np.arange(22_050 // 700, 22_050 // 40)
        whole = np.correlate(frame, frame, "full")[len(frame) - 1 :]
        likeness = whole[lags] / whole[0] * len(frame) / (len(frame) - lags)
        # The shortest lag that is as good as the best: longer ones are multiples of the period.
        peaks = (likeness > 0.93 * likeness.max()) & (likeness >= np.roll(likeness, 1))
        peaks &= likeness >= np.roll(likeness, -1)
        if likeness.max() > 0.6 and peaks.any():
            yield 22_050 / lags[np.argmax(peaks)]
