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


def set_precision(model: Any, *, bfloat16: bool) -> None:
    """Have the decoder alone compute with bfloat16, or not: durations would change with the rest.

    Its last convolution stays as it is. What comes out of it goes through an exponential and a
    sine, where small errors are heard.
    """
    for module in (model.decoder, model.decoder.generator.conv_post):
        vars(module).pop("forward", None)
    if bfloat16:
        _autocast(model.decoder, enabled=True)
        _autocast(model.decoder.generator.conv_post, enabled=False)


def _autocast(module: Any, *, enabled: bool) -> None:
    """Put a context around the module's computing; what goes in is float32 where it is off."""
    import torch

    forward = module.forward

    def compute(*inputs: Tensor) -> Any:
        if not enabled:
            inputs = tuple(value.float() for value in inputs)
        with torch.autocast(inputs[0].device.type, torch.bfloat16, enabled=enabled):
            return forward(*inputs)

    module.forward = compute
