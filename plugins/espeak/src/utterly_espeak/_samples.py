"""Samples from the library's form to the contract's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_samples(data: bytes, volume: float) -> NDArray[np.float32]:
    """Turn native 16-bit samples into floating point, made louder or softer.

    The volume is exact here; the library's own is not (`espeakVOLUME` 10 of 100 gives 0.08).
    """
    samples: NDArray[np.float32] = np.frombuffer(data, np.int16) * np.float32(volume / 32768)
    return samples.clip(-1, 1) if volume > 1 else samples


class Resampler:
    """Moves all frequencies by a factor, with linear interpolation across pieces."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._rest = np.zeros(0, np.float32)
        self._position = 0.0

    def resample(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next piece; the result is shorter by the factor."""
        if self._factor == 1:
            return samples
        joined = np.concatenate([self._rest, samples])
        positions = np.arange(self._position, len(joined) - 1, self._factor)
        used = int(positions[-1]) if len(positions) else 0
        self._rest = joined[used:]
        if len(positions):
            self._position = float(positions[-1]) + self._factor - used
        moved: NDArray[np.float32] = np.interp(positions, np.arange(len(joined)), joined).astype(
            np.float32
        )
        return moved
