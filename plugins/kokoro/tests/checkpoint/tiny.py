"""A small model of the real architecture that speaks noise, for what happens around speech."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from plugins.kokoro.tests.checkpoint import layout

NAMES = ("af_heart", "ef_dora", "jf_alpha", "zf_xiaobei")
SIZE = 2**18
"""Random numbers that all weights share: about a megabyte."""
FRAMES = 3
"""How long each phoneme is, in frames of 25 ms."""


def build_tiny_model(folder: Path, *, seed: int = 0) -> None:
    """Build a model of random weights in a moment.

    Every tensor has its full shape, but looks at the same few numbers again and again: a tensor is
    saved as what it looks at, and how. The model loads and speaks as the real one does.

    Args:
        folder: Where to; it is made.
        seed: Another one gives other weights, and so other sums.
    """
    import torch

    numbers = torch.randn(SIZE, generator=torch.Generator().manual_seed(seed)) * 0.02
    named = layout.make_model().named_parameters()
    weights = {name: _spread(numbers, tuple(own.shape)) for name, own in named}
    # Of fifty sigmoids the predictor makes a duration; so each gives its share of the frames.
    share = FRAMES / 50
    weights["predictor.duration_proj.linear_layer.bias"] = torch.full(
        (50,), math.log(share / (1 - share))
    )
    voices = {name: numbers[:256].expand(510, 1, 256) for name in NAMES}
    layout.write_model(folder, weights, voices)


def _spread(numbers: Any, shape: tuple[int, ...]) -> Any:
    """A tensor of any shape over the same numbers: each axis steps through its part of them."""
    room = SIZE // len(shape)
    return numbers.as_strided(shape, [room // length for length in shape])
