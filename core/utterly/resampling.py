"""Bringing audio to another sample rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from utterly.audio import Samples


def resample(samples: Samples, sample_rate: int, wanted: int) -> Samples:
    """All of some audio at another rate.

    Args:
        samples: Mono float32, `[frames]`.
        sample_rate: What it has, in Hz.
        wanted: What it is to have, in Hz.
    """
    if sample_rate == wanted:
        return samples
    import soxr

    converted: Samples = soxr.resample(samples, sample_rate, wanted)
    return converted


class Resampler:
    """Brings one engine's audio after the other to one rate, without a seam within each.

    Args:
        sample_rate: The rate that comes out, in Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._stream: Any = None

    def convert(self, samples: Samples, sample_rate: int) -> Samples:
        """Audio at the rate that is wanted, as far as it can be known yet.

        Args:
            samples: The next piece, mono float32, `[frames]`.
            sample_rate: In Hz, the same until `flush`.
        """
        if sample_rate == self._sample_rate:
            return samples
        if self._stream is None:
            self._stream = self._open(sample_rate)
        converted: Samples = self._stream.resample_chunk(samples)
        return converted

    def flush(self) -> Samples:
        """The end of the audio; what comes next is another engine's."""
        if self._stream is None:
            return _nothing()
        rest: Samples = self._stream.resample_chunk(_nothing(), last=True)
        self._stream = None
        return rest

    def _open(self, rate: int) -> Any:
        import soxr

        return soxr.ResampleStream(rate, self._sample_rate, 1, dtype="float32")


def _nothing() -> Samples:
    import numpy as np

    return np.empty(0, np.float32)
