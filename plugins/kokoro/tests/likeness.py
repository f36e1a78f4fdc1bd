"""How alike two recordings of the same words sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BANDS = 80
_LENGTH = 1024
_HOP = 256
_HIGHEST = 12_000.0
_FLOOR = 1e-8
"""Power below that, some 80 dB under speech, is silence to everybody."""


def log_mel_correlation(one: Any, other: Any) -> float:
    """Correlation of two log-mel spectrograms: 1 for the same sound.

    One sentence spoken twice with other breath, that is, with another seed, has 0.99 and more;
    another voice has far less.

    Args:
        one: Mono at 24,000 Hz, `[frames]`.
        other: As long as the first.
    """
    spectrum, expected = (_log_mel(np.asarray(audio, np.float32)) for audio in (one, other))
    return float(np.corrcoef(spectrum.ravel(), expected.ravel())[0, 1])


def _log_mel(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    windows = np.lib.stride_tricks.sliding_window_view(samples, _LENGTH)[::_HOP]
    power = np.abs(np.fft.rfft(windows * np.hanning(_LENGTH))) ** 2 / _LENGTH
    result: NDArray[np.float32] = np.log(power @ _filters().T + _FLOOR)
    return result


def _filters() -> NDArray[np.float64]:
    """Triangles, equally wide on the mel scale of O'Shaughnessy, `[bands, frequencies]`."""
    highest = 2595 * np.log10(1 + _HIGHEST / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, _BANDS + 2) / 2595) - 1)
    frequencies = np.linspace(0, _HIGHEST, _LENGTH // 2 + 1)
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    return np.minimum(rising, falling).clip(min=0)
