"""One run of the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor


def infer(
    model: Any, phonemes: str, style: Tensor, *, speed: float, seed: int | None
) -> tuple[NDArray[np.float32], list[int]]:
    """Have the network speak.

    Args:
        model: kokoro's `KModel`.
        phonemes: All of them in its vocabulary, 510 at most.
        style: `[1, 256]`.
        speed: Factor.
        seed: Makes the noise in the voice repeat itself.

    Returns:
        Samples `[frames]` at 24,000 Hz, and how long each phoneme and the silence at either end is,
        in fortieths of a second.
    """
    import torch

    identifiers = [0, *(model.vocab[phoneme] for phoneme in phonemes), 0]
    with torch.inference_mode(), _seeded(seed):
        tokens = torch.tensor([identifiers], device=model.device)
        audio, durations = model.forward_with_tokens(tokens, style.to(model.device), speed)
        samples: NDArray[np.float32] = audio.reshape(-1).float().cpu().numpy()
    return samples, durations.reshape(-1).tolist()


@contextmanager
def _seeded(seed: int | None) -> Iterator[None]:
    """Draw the same lots for the same seed, and leave the program's own generator as it was."""
    if seed is None:
        yield
        return
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed % 2**63)
        yield
