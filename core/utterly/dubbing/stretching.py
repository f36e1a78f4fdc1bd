"""Speech made faster without raising its pitch, with the library of the extra `[dub]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from utterly.errors import UtterlyError

if TYPE_CHECKING:
    from utterly.audio import Samples


def stretch(samples: Samples, sample_rate: int, factor: float) -> Samples:
    """Make speech shorter; pitch stays as it is.

    Args:
        samples: Mono float32, `[frames]`.
        sample_rate: In Hz.
        factor: How much faster, 1 or more.

    Returns:
        `len(samples) / factor` frames, but for rounding.

    Raises:
        UtterlyError: The extra `[dub]` is missing.
    """
    import numpy as np

    machine = load_library().Stretch(0)  # the seed: the same audio comes out each time
    machine.preset(1, sample_rate)
    machine.setTimeFactor(factor)
    shorter: Samples = np.asarray(machine.process(samples[np.newaxis, :]), np.float32)[0]
    return shorter


def load_library() -> Any:
    """Have the library, or say what is missing before anything is spoken.

    Raises:
        UtterlyError: The extra `[dub]` is missing.
    """
    try:
        from python_stretch import Signalsmith
    except ImportError as error:
        raise UtterlyError('cannot make speech fit: pip install "utterly[dub]"') from error
    return Signalsmith
