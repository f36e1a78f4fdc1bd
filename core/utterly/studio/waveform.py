"""The shape of audio as a page draws it: how loud each moment gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from utterly.audio import Samples

PEAKS_PER_SECOND = 20


class Waveform:
    """Collects peaks of audio as it comes.

    Args:
        sample_rate: In Hz.

    Attributes:
        peaks: One for each twentieth of a second, 0 to 100.
    """

    def __init__(self, sample_rate: int) -> None:
        self._frames = sample_rate // PEAKS_PER_SECOND
        self._peak = 0.0
        self._missing = self._frames
        self.peaks: list[int] = []

    def add(self, samples: Samples) -> None:
        """Take in more: mono float32, `[frames]`."""
        import numpy as np

        loudness = np.abs(samples)
        while len(loudness) >= self._missing:
            self._keep(float(loudness[: self._missing].max()))
            loudness = loudness[self._missing :]
            self._peak, self._missing = 0.0, self._frames
        if len(loudness):
            self._peak = max(self._peak, float(loudness.max()))
            self._missing -= len(loudness)

    def end(self) -> None:
        """There is no more: the last moment may be a short one."""
        if self._missing < self._frames:
            self._keep(0.0)
            self._peak, self._missing = 0.0, self._frames

    def _keep(self, peak: float) -> None:
        self.peaks.append(min(100, round(100 * max(peak, self._peak))))


def read_waveform(path: Path) -> tuple[int, Waveform]:
    """The frames of an audio file, and their shape; memory stays flat."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        waveform = Waveform(file.samplerate)
        for block in file.blocks(65_536, dtype="float32"):
            waveform.add(block)
        frames = file.frames
    waveform.end()
    return frames, waveform
