"""English by misaki: a lexicon, the part of speech of each word, and eSpeak for what is missing."""

from __future__ import annotations

import logging
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utterly_kokoro._alignment import strip_punctuation
from utterly_kokoro._espeak import EspeakEnglish
from utterly_kokoro._tokens import Token

if TYPE_CHECKING:
    from utterly_kokoro._settings import KokoroSettings

PIPELINE = "en_core_web_sm"
_COMPONENTS = ["tok2vec", "tagger"]

_logger = logging.getLogger("utterly.kokoro")


class MisakiEnglish:
    """Text to phonemes by misaki.

    Args:
        nlp: A spaCy pipeline.
        espeak: For words that the lexicon does not know.
        british: Or American.
    """

    def __init__(self, nlp: Any, espeak: EspeakEnglish, *, british: bool) -> None:
        from misaki import en

        # Its own constructor would have spaCy install a pipeline, with pip, from the network.
        self._g2p = en.G2P.__new__(en.G2P)
        self._g2p.version = None
        self._g2p.british = british
        self._g2p.nlp = nlp
        self._g2p.lexicon = en.Lexicon(british)
        self._g2p.fallback = espeak.fallback
        self._g2p.unk = ""
        self._espeak = espeak

    def __call__(self, text: str) -> list[Token]:
        """Turn text into words with phonemes."""
        try:
            # Without its preprocessing, which takes [this](/for/) phonemes: text is only text.
            _, tokens = self._g2p(text.strip(), preprocess=False)
        except Exception as error:  # noqa: BLE001  # asserts, numbers without end, and more
            _logger.debug("misaki failed (%s), eSpeak reads the sentence", type(error).__name__)
            return self._espeak(text)
        return [
            Token(_word(token.text), token.phonemes or "", bool(token.whitespace))
            for token in tokens
        ]


def english_pronunciation(
    settings: KokoroSettings, folder: Path, *, british: bool
) -> MisakiEnglish | EspeakEnglish:
    """The best that there is: misaki where it has a spaCy pipeline, else eSpeak, and says so."""
    espeak = EspeakEnglish(british=british)
    nlp = _load_pipeline(settings, folder)
    if nlp is None:
        tell_of_missing_pipeline()
        return espeak
    return MisakiEnglish(nlp, espeak, british=british)


@cache  # once in a process is enough
def tell_of_missing_pipeline() -> None:
    """Say that English is read by eSpeak, and how to have it read better."""
    _logger.warning(
        "the spaCy pipeline %s is not installed: eSpeak reads English, which is less exact;"
        " install its wheel from https://github.com/explosion/spacy-models/releases",
        PIPELINE,
    )


def _load_pipeline(settings: KokoroSettings, folder: Path) -> Any:
    """The pipeline of the settings, the installed one, or that among the model's files."""
    import spacy

    installed = PIPELINE if spacy.util.is_package(PIPELINE) else None
    places = (settings.spacy_model, installed, folder / PIPELINE)
    for place in places:
        if place is None or (isinstance(place, Path) and not place.is_dir()):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of another version than the library
                return spacy.load(place, enable=_COMPONENTS)
        except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever is wrong with it
            _logger.warning(
                "the spaCy pipeline %s cannot be loaded (%s)", place, type(error).__name__
            )
    return None


def _word(text: str) -> str:
    word = strip_punctuation(text)
    return word if any(map(str.isalnum, word)) else ""
