"""Phonemes by eSpeak NG, through phonemizer as misaki uses it."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any

from utterly import EngineUnavailableError
from utterly_kokoro._alignment import align, split_clauses, spoken_words
from utterly_kokoro._tokens import Token

LANGUAGES = {"e": "es", "f": "fr-fr", "h": "hi", "i": "it", "p": "pt-br"}
"""eSpeak's names, by the first letter of a voice's name."""

LONGEST_PATH = 120
"""Bytes: eSpeak NG ends the process where its data path has more than 159, with a file's name."""

_short_data: list[Path] = []


class EspeakPronunciation:
    """Text to phonemes in a language that misaki leaves to eSpeak.

    Args:
        letter: The first letter of a voice's name.
    """

    def __init__(self, letter: str) -> None:
        self._speak = _espeak(LANGUAGES[letter])

    def __call__(self, text: str) -> list[Token]:
        """Turn text into words with phonemes."""
        return pronounce_clauses(text.replace("।", "."), lambda clause: self._speak(clause)[0])


class EspeakEnglish:
    """English as eSpeak reads it, in misaki's phonemes; also for single words.

    Args:
        british: Or American.
    """

    def __init__(self, *, british: bool) -> None:
        self.fallback = _espeak_english(british=british)

    def __call__(self, text: str) -> list[Token]:
        """Turn text into words with phonemes."""
        return pronounce_clauses(text, self.pronounce)

    def pronounce(self, text: str) -> str:
        """The phonemes of some words."""
        phonemes: str | None = self.fallback(SimpleNamespace(text=text))[0]
        return phonemes or ""


def pronounce_clauses(text: str, pronounce: Any) -> list[Token]:
    """Pronounce clause by clause, so that words are found again next to their phonemes."""
    tokens: list[Token] = []
    for clause in split_clauses(text):
        if any(map(str.isalnum, clause)):
            tokens += align(spoken_words(clause.split()), pronounce(clause))
    return tokens


# Once in a process: phonemizer opens a copy of the library each time, and never closes it.
@cache
def _espeak(language: str) -> Any:
    prepare_espeak()
    from misaki.espeak import EspeakG2P

    speak = EspeakG2P(language=language)
    silence_phonemizer()
    return speak


@cache
def _espeak_english(*, british: bool) -> Any:
    prepare_espeak()
    from misaki.espeak import EspeakFallback

    speak = EspeakFallback(british=british)
    silence_phonemizer()
    return speak


def prepare_espeak() -> None:
    """Have phonemizer use a data path that does not end the process.

    Raises:
        EngineUnavailableError: There is no eSpeak NG, or no short path to its data.
    """
    try:
        import espeakng_loader  # type: ignore[import-untyped]  # it brings no types
        import misaki.espeak  # noqa: F401  # it sets paths when it is imported, and only then
        from phonemizer.backend.espeak.wrapper import EspeakWrapper

        data = Path(espeakng_loader.get_data_path()).resolve()
    except (ImportError, RuntimeError, OSError) as error:
        raise EngineUnavailableError(
            f"eSpeak NG, which Kokoro reads with, cannot be used ({type(error).__name__})",
            mend="pip install --force-reinstall espeakng-loader phonemizer-fork",
        ) from error
    EspeakWrapper.set_data_path(str(_short_path(data)))


def silence_phonemizer() -> None:
    """Keep phonemizer from writing to standard error; it sets this up with each backend."""
    logger = logging.getLogger("phonemizer")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.CRITICAL)


def _short_path(data: Path) -> Path:
    if len(os.fsencode(data)) <= LONGEST_PATH:
        return data
    if not _short_data:
        _short_data.append(_copy(data))
    return _short_data[0]


def _copy(data: Path) -> Path:
    """Copy the data to a short path: phonemizer follows links, so that one would not do."""
    folder = Path(mkdtemp(prefix="utterly-")).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if len(os.fsencode(folder)) + len("/data") > LONGEST_PATH:
        raise EngineUnavailableError(
            "eSpeak NG, which Kokoro reads with, takes no data path as long as this one",
            mend="let the environment variable TMPDIR name a folder with a shorter path",
        )
    try:
        shutil.copytree(data, folder / "data")
    except OSError as error:
        raise EngineUnavailableError(
            f"the data of eSpeak NG cannot be copied to a short path: {error.strerror}",
            mend="install it in a folder with a shorter path",
        ) from error
    return folder / "data"
