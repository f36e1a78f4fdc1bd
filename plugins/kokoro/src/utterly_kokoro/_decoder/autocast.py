"""The library's own decoder, with torch casting what it multiplies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from utterly_kokoro._decoder.network import fold_weight_norm

if TYPE_CHECKING:
    from torch import Tensor


class AutocastDecoder:
    """Computes with bfloat16 what torch deems safe to.

    The last convolution stays as it is. What comes out of it goes through an exponential and a
    sine, where small errors are heard.

    Args:
        decoder: The library's, whose weight normalisation is folded into the weights.
    """

    def __init__(self, decoder: Any) -> None:
        fold_weight_norm(decoder)
        self._forward: Callable[..., Tensor] = decoder.forward
        last = decoder.generator.conv_post
        last.forward = _in_float32(last.forward)

    def __call__(self, *inputs: Tensor) -> Tensor:
        """Make sound, as kokoro's `Decoder` does."""
        import torch

        with torch.autocast(inputs[0].device.type, torch.bfloat16):
            return self._forward(*inputs).float()


def _in_float32(forward: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Put a context around a module's computing in which torch casts nothing."""
    import torch

    def compute(value: Tensor) -> Tensor:
        with torch.autocast(value.device.type, enabled=False):
            return forward(value.float())

    return compute
