"""A folder laid out as the repository `hexgrad/Kokoro-82M`."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

CONFIG = Path(__file__).parent / "data" / "config.json"
WEIGHTS = "kokoro-v1_0.pth"
REPOSITORY = "hexgrad/Kokoro-82M"


def make_model() -> Any:
    """A `kokoro.KModel` of full shapes without weights: its tensors occupy no memory."""
    import kokoro
    import torch

    with (
        tempfile.TemporaryDirectory() as folder,
        torch.device("meta"),
        warnings.catch_warnings(action="ignore"),  # the library builds upon what torch deprecates
    ):
        empty = Path(folder) / WEIGHTS
        torch.save({}, empty)
        return kokoro.KModel(repo_id=REPOSITORY, config=str(CONFIG), model=str(empty))


def write_model(
    folder: Path, weights: Mapping[str, torch.Tensor], voices: Mapping[str, torch.Tensor]
) -> None:
    """Write `config.json`, `kokoro-v1_0.pth` and `voices/*.pt`.

    Args:
        folder: Where to; it is made.
        weights: Every parameter by its full name.
        voices: Tensors `[510, 1, 256]` by the name of the voice.
    """
    import torch

    (folder / "voices").mkdir(parents=True)
    shutil.copyfile(CONFIG, folder / CONFIG.name)
    parts: dict[str, dict[str, torch.Tensor]] = {}
    for path, tensor in weights.items():
        part, _, name = path.partition(".")
        parts.setdefault(part, {})[name] = tensor
    torch.save(parts, folder / WEIGHTS)
    for name, styles in voices.items():
        torch.save(styles, folder / "voices" / f"{name}.pt")


def compute_sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file, by its path within the folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
