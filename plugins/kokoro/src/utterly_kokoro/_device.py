"""Which device the model computes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utterly import EngineUnavailableError

if TYPE_CHECKING:
    from utterly_kokoro._settings import KokoroSettings


def choose_device(settings: KokoroSettings) -> str:
    """CUDA where there is a card, else the processor; anything else on request.

    Raises:
        EngineUnavailableError: What was asked for is not there.
    """
    import torch

    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if settings.device == "auto":
        # Apple's cards are slower than their processors with a model of this size.
        return "cuda" if there["cuda"] else "cpu"
    if not there[settings.device]:
        raise EngineUnavailableError(
            f"torch finds no device {settings.device!r}", mend="set kokoro.device to auto"
        )
    return settings.device
