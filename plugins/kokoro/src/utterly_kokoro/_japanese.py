"""Japanese by misaki's cutlet, with the dictionary that a wheel brings."""

from __future__ import annotations

import re
from typing import Any

from utterly import UnsupportedError
from utterly_kokoro._alignment import align, split_clauses, spoken_words
from utterly_kokoro._espeak import EspeakEnglish
from utterly_kokoro._tokens import Token

_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
_MEND = "pip install 'utterly-kokoro[ja]'"


class JapanesePronunciation:
    """Text to phonemes.

    Raises:
        UnsupportedError: What the extra `ja` brings is not installed.
    """

    def __init__(self) -> None:
        self._english = EspeakEnglish(british=False)
        self._cutlet = _make_cutlet(self._english)

    def __call__(self, text: str) -> list[Token]:
        """Turn text into words with phonemes."""
        tokens: list[Token] = []
        for clause in split_clauses(text):
            spoken = _THOUSANDS.sub("", clause)
            phonemes: str = self._cutlet(spoken)[0]
            surfaces = [node.surface for node in self._cutlet.tagger(spoken)]
            words = [_as_written(word, clause) for word in spoken_words(surfaces)]
            tokens += align(words, phonemes.replace("«", "(").replace("»", ")"))
        return tokens


def _as_written(word: str, clause: str) -> str:
    """A number with the commas that stand in the text."""
    if not word.isdecimal():
        return word
    found = re.search(",?".join(word), clause)
    return found[0] if found else word


def _make_cutlet(english: EspeakEnglish) -> Any:
    try:
        import unidic_lite
        from fugashi import Tagger
        from misaki.cutlet import HEPBURN, Cutlet
    except ImportError as error:
        raise UnsupportedError(f"Japanese needs more libraries: {_MEND}") from error

    class BilingualCutlet(Cutlet):  # type: ignore[misc]  # it has no types
        """Cutlet that speaks English words, rather than spell them as if they were phonemes."""

        def __init__(self) -> None:
            # The library would take unidic where it is installed, with or without its dictionary.
            self.tagger = Tagger(f'-r "{unidic_lite.DICDIR}/dicrc" -d "{unidic_lite.DICDIR}"')
            self.table = dict(HEPBURN)
            self.exceptions: dict[str, str] = {}

        def _romaji_word(self, word: Any) -> str:
            surface: str = word.surface
            if surface.isascii() and any(map(str.isalnum, surface)):
                return english.pronounce(surface)
            romaji: str = super()._romaji_word(word)
            return romaji

    return BilingualCutlet()
