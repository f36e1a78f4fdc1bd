"""English by misaki: a lexicon, the part of speech of each word, and eSpeak for what is missing."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

from utterly_kokoro._alignment import strip_punctuation
from utterly_kokoro._espeak import EspeakEnglish
from utterly_kokoro._pipeline import COMPONENTS
from utterly_kokoro._tokens import Token

_CONFIG = {"nlp.pipeline": list(COMPONENTS), "nlp.disabled": []}
"""Of a pipeline's components, nothing else is even read."""

_logger = logging.getLogger("utterly.engines.kokoro")


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
    pipeline: str | Path | None, *, british: bool
) -> MisakiEnglish | EspeakEnglish:
    """The best that there is: misaki where it has a spaCy pipeline, else eSpeak.

    Args:
        pipeline: What spaCy is to load; what cannot be loaded is told, and done without.
        british: Or American.
    """
    espeak = EspeakEnglish(british=british)
    nlp = None if pipeline is None else _load_pipeline(pipeline)
    return espeak if nlp is None else MisakiEnglish(nlp, espeak, british=british)


def _load_pipeline(pipeline: str | Path) -> Any:
    import spacy

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of another version than the library
            return spacy.load(pipeline, config=_CONFIG)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever is wrong with it
        _logger.warning(
            "eSpeak NG reads English: the spaCy pipeline %s cannot be loaded (%s)",
            pipeline,
            type(error).__name__,
        )
        return None


def _word(text: str) -> str:
    word = strip_punctuation(text)
    return word if any(map(str.isalnum, word)) else ""
