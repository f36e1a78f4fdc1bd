"""Where the model's files are: named in the settings, or in the cache of the Hugging Face hub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from utterly import EngineUnavailableError
from utterly_kokoro._voices import VOICES

if TYPE_CHECKING:
    from utterly import Voice
    from utterly_kokoro._settings import KokoroSettings

CONFIG = "config.json"
WEIGHTS = "kokoro-v1_0.pth"
REPOSITORY = "hexgrad/Kokoro-82M"

INSTALL = (
    f"run `hf download {REPOSITORY}`, or copy its files from https://huggingface.co/{REPOSITORY}"
    " to a folder and let kokoro.model_dir name it"
)
"""What to do where there is no model."""


def find_folder(settings: KokoroSettings) -> Path:
    """Find the folder that holds the model.

    Raises:
        EngineUnavailableError: There is none.
    """
    if settings.model_dir is not None:
        return _named_folder(settings.model_dir.expanduser())
    folder = next(filter(_holds_a_model, _hub_snapshots()), None)
    if folder is None:
        raise EngineUnavailableError("the model Kokoro-82M is not on this machine", mend=INSTALL)
    return folder


def list_voices(settings: KokoroSettings) -> tuple[Voice, ...]:
    """List the voices whose files are there; all of them while there is no model."""
    try:
        folder = find_folder(settings)
    except EngineUnavailableError:
        return tuple(VOICES.values())
    there = tuple(voice for name, voice in VOICES.items() if voice_file(folder, name).is_file())
    return there or tuple(VOICES.values())


def voice_file(folder: Path, name: str) -> Path:
    """Where the file of a voice lies."""
    return folder / "voices" / f"{name}.pt"


def _named_folder(folder: Path) -> Path:
    candidates = (folder, folder / "kokoro_models" / "Kokoro-82M", folder / "Kokoro-82M")
    for candidate in candidates:
        if _holds_a_model(candidate):
            return candidate
    if not folder.is_dir():
        raise EngineUnavailableError(
            f"the setting model_dir names {str(folder)!r}, which is no folder", mend=INSTALL
        )
    raise EngineUnavailableError(f"there is no {WEIGHTS} in {str(folder)!r}", mend=INSTALL)


def _holds_a_model(folder: Path) -> bool:
    return (folder / WEIGHTS).is_file() or (folder / CONFIG).is_file()


def _hub_snapshots() -> Iterator[Path]:
    """Snapshots in the hub's cache, that of its main branch first."""
    repository = _hub_cache() / f"models--{REPOSITORY.replace('/', '--')}"
    snapshots = repository / "snapshots"
    with suppress(OSError, ValueError):  # not there where the model was fetched by its commit
        yield snapshots / (repository / "refs" / "main").read_text("utf-8").strip()
    with suppress(OSError):
        yield from sorted(snapshots.iterdir())


def _hub_cache() -> Path:
    """The hub's cache, by the variables that its own library reads.

    https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
    """
    if named := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(named).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache).expanduser() / "huggingface" / "hub"
