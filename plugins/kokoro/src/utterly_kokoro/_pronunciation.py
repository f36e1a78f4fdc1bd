"""From text to words with phonemes, in each of the nine languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from utterly_kokoro._library import without_side_effects
from utterly_kokoro._tokens import Token, keep_known

Pronounce = Callable[[str], list[Token]]

_lock = Lock()
"""eSpeak NG has one state for the whole process."""


class Pronunciation:
    """Pronounces text; what a language needs is made when it is first spoken.

    Args:
        pipeline: What spaCy is to load for English, `None` for nothing.
        vocabulary: The phonemes that the network knows.
    """

    def __init__(self, pipeline: str | Path | None, vocabulary: frozenset[str]) -> None:
        self._pipeline = pipeline
        self._vocabulary = vocabulary
        self._by_letter: dict[str, Pronounce] = {}

    def __call__(self, text: str, letter: str) -> list[Token]:
        """Turn text into words with phonemes that the network knows.

        Args:
            text: To speak.
            letter: The first letter of a voice's name, which stands for its language.

        Raises:
            UnsupportedError: What the language needs is not installed.
            EngineUnavailableError: eSpeak NG is missing.
        """
        with _lock:
            if letter not in self._by_letter:
                with without_side_effects():
                    self._by_letter[letter] = self._make(letter)
            tokens = self._by_letter[letter](text)
        return keep_known(tokens, self._vocabulary)

    def _make(self, letter: str) -> Pronounce:
        if letter in "ab":
            from utterly_kokoro._english import english_pronunciation

            return english_pronunciation(self._pipeline, british=letter == "b")
        if letter == "j":
            from utterly_kokoro._japanese import JapanesePronunciation

            return JapanesePronunciation()
        if letter == "z":
            from utterly_kokoro._mandarin import MandarinPronunciation

            return MandarinPronunciation()
        from utterly_kokoro._espeak import EspeakPronunciation

        return EspeakPronunciation(letter)
