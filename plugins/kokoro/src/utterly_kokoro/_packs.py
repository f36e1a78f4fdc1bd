"""Voice packs: a style of speaking for each length of text, blended where several are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from utterly import UnsupportedError

if TYPE_CHECKING:
    from torch import Tensor

    from utterly_kokoro._files import ModelFiles
    from utterly_kokoro._voices import Blend

SHAPE = (510, 1, 256)
"""One row for each number of phonemes; 128 numbers for the sound and 128 for the prosody."""


class VoicePacks:
    """The packs of one model, read when they are first wanted.

    Args:
        model_files: Verified.
    """

    def __init__(self, model_files: ModelFiles) -> None:
        self._files = model_files
        self._packs: dict[str, Tensor] = {}

    def blend(self, blend: Blend) -> Tensor:
        """The pack of one voice, or the mean of several by their shares: `[510, 1, 256]`.

        Raises:
            UnsupportedError: The file of a voice is damaged.
        """
        parts = [self._pack(name) * share for name, share in blend.parts]
        return sum(parts[1:], start=parts[0])

    def _pack(self, name: str) -> Tensor:
        if name not in self._packs:
            self._packs[name] = self._read(name)
        return self._packs[name]

    def _read(self, name: str) -> Tensor:
        import torch

        try:
            pack = torch.load(self._files.voices[name], map_location="cpu", weights_only=True)
        except Exception as error:  # what torch and pickle raise on files of other forms
            raise UnsupportedError(
                f"voice {name} cannot be loaded ({type(error).__name__})"
            ) from error
        return _check_pack(name, pack)


def _check_pack(name: str, pack: Any) -> Tensor:
    import torch

    if not isinstance(pack, torch.Tensor) or tuple(pack.shape) != SHAPE:
        raise UnsupportedError(f"voice {name} is no voice pack")
    if not bool(pack.isfinite().all()):
        raise UnsupportedError(f"voice {name} is not finite")
    return pack.float()
