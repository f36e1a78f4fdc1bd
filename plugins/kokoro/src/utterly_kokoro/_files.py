"""The model's files: fetched where they are missing, and verified before anything reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utterly import ModelDownloadError, download
from utterly_kokoro._checksums import CONFIG, WEIGHTS, expected_checksums, voices_in
from utterly_kokoro._library import check_installed
from utterly_kokoro._pipeline import ensure_pipeline, remove_pipeline, size_of

if TYPE_CHECKING:
    from utterly import Context
    from utterly_kokoro._settings import KokoroSettings

_NAME = "Kokoro-82M"
_LAYOUT = Path("kokoro_models", _NAME)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The files of one model, each of them what it should be.

    Attributes:
        folder: Where they lie.
        voices: The file of each voice, by its name.
        pipeline: The spaCy pipeline for English, `None` where there is none.
    """

    folder: Path
    voices: Mapping[str, Path]
    pipeline: str | Path | None = None

    @property
    def weights(self) -> Path:
        """The weights."""
        return self.folder / WEIGHTS

    def read_config(self) -> dict[str, Any]:
        """The model's shape, and the phonemes that it knows."""
        config: dict[str, Any] = json.loads((self.folder / CONFIG).read_text("utf-8"))
        return config


def ensure_files(settings: KokoroSettings, context: Context) -> ModelFiles:
    """Have the model's files, and spaCy's.

    Voices that are neither there nor to be had keep nobody from speaking with the others.

    Raises:
        ModelDownloadError: The model is not there, and cannot be fetched.
        EngineUnavailableError: The library is not installed, or a setting is wrong.
    """
    check_installed()
    files = expected_checksums(settings)
    model_dir = _choose_folder(settings.model_dir)
    source = (settings.repository, settings.revision, files, model_dir, context)
    try:
        folder = download.fetch_files(*source)
        there = {name: folder / name for name in files}
    except ModelDownloadError as error:
        there = download.find_files(*source)
        if not {CONFIG, WEIGHTS} <= set(there) or not voices_in(there):
            raise
        context.logger.warning(
            "Kokoro speaks with %d of %d voices: %s", len(there) - 2, len(files) - 2, error
        )
    pipeline = ensure_pipeline(settings, model_dir, context)
    size = sum(path.stat().st_size for path in there.values()) + size_of(pipeline)
    context.progress(size, None, "ready")
    voices = {voice: there[name] for voice, name in voices_in(there).items()}
    return ModelFiles(there[WEIGHTS].parent, voices, pipeline)


def remove_files_of(settings: KokoroSettings, context: Context) -> int:
    """Delete the model's files, and what was fetched of spaCy's.

    Returns:
        How many bytes that frees.

    Raises:
        ModelDownloadError: They cannot be deleted.
        EngineUnavailableError: A setting is wrong.
    """
    model_dir = _choose_folder(settings.model_dir)
    freed = remove_pipeline(settings, model_dir, context)
    files = expected_checksums(settings)
    source = (settings.repository, settings.revision, files, model_dir, context)
    return freed + download.remove_files(*source)


def _choose_folder(named: Path | None) -> Path | None:
    """The folder of the model: the one that the settings name, or below it in the usual layout."""
    if named is None:
        return None
    named = named.expanduser()
    below = (named / _LAYOUT, named / _NAME)
    candidates = (named, *below)
    first = named if named.name == _NAME else below[0]
    return next(filter(_holds_a_model, candidates), first)


def _holds_a_model(folder: Path) -> bool:
    return any((folder / name).exists() for name in (WEIGHTS, CONFIG, "voices"))
