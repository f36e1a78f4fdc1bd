"""The style in the sound: AdaIN, and the two curves that follow it.

Adaptive instance normalisation gives each channel of an utterance the mean and the spread that the
voice wants. With the mean μ and the variance v of a channel over all frames, weight w and bias b of
the normalisation, and γ and β from the style::

    y = (1 + γ) · (w · (x - μ) / √(v + ε) + b) + β

For one utterance all but x are constant, so that it is a line through x::

    y = scale · x + shift,   scale = (1 + γ) · w / √(v + ε),
                             shift = (1 + γ) · b + β - scale · μ

Of these, `gain` = (1 + γ) · w and `offset` = (1 + γ) · b + β depend on the style alone.

**Mean and variance** come from one pass, as sums of d = x - k and of d², where k is the first row.
The variance does not depend on k, and where d is small, the difference loses nothing::

    μ = k + E[d],   v = E[d²] - E[d]²

The sums are taken over blocks of rows first: in parallel, and more exact than one long sum. They
are in float32, whatever comes in.
"""

# ruff: noqa: RUF002  # Greek letters of formulas

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

EPSILON = 1e-5
"""The default of `torch.nn.InstanceNorm1d`, which the library uses."""

BLOCK = 64
"""Rows whose sums are taken together."""


def sum_blocks(blocks: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
    """Sum d and d² of each channel.

    Args:
        blocks: `[blocks, rows, channels]`.
        first: What is taken from each row, `[channels]`.
    """
    distances = blocks.float() - first
    return distances.sum(1).sum(0), distances.square().sum(1).sum(0)


def apply_snake(rows: Tensor, scale: Tensor, shift: Tensor, alpha: Tensor) -> Tensor:
    """The line of AdaIN, then the snake y + sin²(α · y) / α.

    Args:
        rows: `[frames, channels]`.
        scale: `[channels]`.
        shift: `[channels]`.
        alpha: `[channels]`.
    """
    import torch

    normalised = torch.addcmul(shift, rows.float(), scale)
    wave = (normalised * alpha).sin_().square_().div_(alpha)
    return normalised.add_(wave).to(rows.dtype)


@dataclass(frozen=True, slots=True)
class Kernels:
    """The two passes over all rows: what is worth compiling.

    Attributes:
        sum_blocks: As the function of that name.
        apply_snake: Likewise.
    """

    sum_blocks: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] = sum_blocks
    apply_snake: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] = apply_snake

    def fit_line(self, rows: Tensor, gain: Tensor, offset: Tensor) -> tuple[Tensor, Tensor]:
        """Scale and shift of AdaIN for rows of any length, `[frames, channels]`."""
        import torch

        frames, channels = rows.shape
        rest = frames % BLOCK
        first = rows[0].float()
        sums, squares = sum_blocks(rows[frames - rest :][None], first)
        if blocks := frames // BLOCK:
            whole = rows[: frames - rest].view(blocks, BLOCK, channels)
            more, more_squares = (self.sum_blocks if blocks > 1 else sum_blocks)(whole, first)
            sums, squares = sums + more, squares + more_squares
        mean = sums / frames
        variance = (squares / frames - mean.square()).clamp_min(0)
        scale = gain * torch.rsqrt(variance + EPSILON)
        return scale, offset - scale * (first + mean)

    def snake(self, rows: Tensor, gain: Tensor, offset: Tensor, alpha: Tensor) -> Tensor:
        """AdaIN and the snake, as in the generator."""
        return self.apply_snake(rows, *self.fit_line(rows, gain, offset), alpha)


def leaky(rows: Tensor, gain: Tensor, offset: Tensor) -> Tensor:
    """AdaIN and a leaky rectifier of slope 0.2, as in the first part of the decoder."""
    from torch.nn.functional import leaky_relu

    scale, shift = Kernels().fit_line(rows, gain, offset)
    return leaky_relu(rows.float() * scale + shift, 0.2).to(rows.dtype)


class Style:
    """What a style makes of one normalisation.

    Args:
        module: kokoro's `AdaIN1d`.
    """

    def __init__(self, module: Any) -> None:
        self._linear = module.fc
        self._weight = module.norm.weight.detach()
        self._bias = module.norm.bias.detach()

    def __call__(self, style: Tensor) -> tuple[Tensor, Tensor]:
        """Gain and offset of each channel, for a style `[1, 128]`."""
        gamma, beta = self._linear(style)[0].chunk(2)
        return (1 + gamma) * self._weight, (1 + gamma) * self._bias + beta
