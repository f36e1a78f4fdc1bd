"""What the model computes with: device and number format."""

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


def choose_bfloat16(settings: KokoroSettings, device: str) -> bool:
    """Whether the decoder computes with bfloat16: on request, or where the processor has it."""
    if settings.dtype != "auto":
        return settings.dtype == "bfloat16"
    return device == "cpu" and processor_has_bfloat16()


def processor_has_bfloat16() -> bool:
    """Instructions that multiply such numbers; emulating them is slower than float32."""
    import torch

    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, name, bool)()) for name in names)
