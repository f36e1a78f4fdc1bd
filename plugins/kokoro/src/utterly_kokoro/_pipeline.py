"""spaCy's English pipeline, which tells misaki the part of speech of each word."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from utterly import EngineError, download

if TYPE_CHECKING:
    from utterly import Context
    from utterly_kokoro._settings import KokoroSettings

NAME = "en_core_web_sm"
COMPONENTS = ("tok2vec", "tagger")
"""The part of it that is used."""

_FILES = (
    "config.cfg",
    "meta.json",
    "tokenizer",
    *(f"{component}/{file}" for component in COMPONENTS for file in ("cfg", "model")),
    *(f"vocab/{file}" for file in ("key2row", "lookups.bin", "strings.json", "vectors")),
    "vocab/vectors.cfg",
)
"""What spaCy reads for that part; https://huggingface.co/spacy/en_core_web_sm/tree/main."""


def ensure_pipeline(
    settings: KokoroSettings, model_dir: Path | None, context: Context
) -> str | Path | None:
    """Have the pipeline that the settings name, else the installed one, else that of the hub.

    Nobody is kept from speaking by its absence: eSpeak reads English then, and that is told.

    Returns:
        What spaCy is to load, `None` where there is nothing.
    """
    if settings.spacy_model is not None:
        return settings.spacy_model.expanduser()
    if find_spec(NAME) is not None:
        return NAME
    if not settings.spacy_repository:
        return None
    files = dict.fromkeys(_FILES)
    try:
        return download.fetch_files(*_source(settings), files, _folder(model_dir), context)
    except EngineError as error:
        context.logger.warning("eSpeak NG reads English, less exactly than spaCy: %s", error)
        return None


def remove_pipeline(settings: KokoroSettings, model_dir: Path | None, context: Context) -> int:
    """Delete what was fetched, and tell how many bytes that frees."""
    if not settings.spacy_repository:
        return 0
    return download.remove_files(*_source(settings), _FILES, _folder(model_dir), context)


def size_of(pipeline: str | Path | None) -> int:
    """The bytes of the files that are used, where it is a folder."""
    if not isinstance(pipeline, Path):
        return 0
    return sum(path.stat().st_size for path in map(pipeline.joinpath, _FILES) if path.is_file())


def _source(settings: KokoroSettings) -> tuple[str, str]:
    return settings.spacy_repository, settings.spacy_revision


def _folder(model_dir: Path | None) -> Path | None:
    """Among the model's files, so that one folder is all that has to be copied."""
    return model_dir and model_dir / NAME
