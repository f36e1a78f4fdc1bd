"""From the library's word events to words with times.

The library tells where in the text a word begins and when. It tells so several times within a
number ("1,234" is five words to it), and once for some pairs of words that it speaks as one ("of
the"). Here a word is what stands between spaces, without the punctuation around it; in scripts
without spaces, what the library takes for one. Words spoken as one share the time by their length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from utterly import Word

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and ideographs."""

_SPOKEN_PUNCTUATION = "%‰&@#*/\\"


class WordTracker:
    """Follows the words of one utterance as the library comes to them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset: int | None = None
        self._start = 0.0

    def follow(self, offset: int, seconds: float) -> tuple[Word, ...]:
        """Take an event; return the words whose end it is.

        Args:
            offset: Where in the text.
            seconds: When in the audio.
        """
        boundary = self._word_start(offset)
        if self._offset is not None and boundary <= self._offset:
            return ()
        ended = self.finish(seconds, boundary)
        self._offset, self._start = boundary, seconds
        return ended

    def finish(self, seconds: float, offset: int | None = None) -> tuple[Word, ...]:
        """Return the last words; they end here."""
        if self._offset is None:
            return ()
        spoken = _spoken_words(self._text[self._offset : offset])
        return tuple(_share(spoken, self._start, max(seconds, self._start)))

    def _word_start(self, offset: int) -> int:
        """Where the word around an offset begins; between words, where the next one does."""
        offset = min(offset, len(self._text))
        while offset < len(self._text) and self._text[offset].isspace():
            offset += 1
        if not _UNSPACED.match(self._text, offset):
            while offset > 0 and not self._text[offset - 1].isspace():
                offset -= 1
        return offset


def _spoken_words(text: str) -> list[str]:
    """The words of a stretch of text that begins with one that is heard."""
    pieces = text.split()
    words = [_strip_punctuation(piece) for piece in pieces]
    # Where the first is nothing but punctuation, the library has spoken its name.
    return [words[0] or pieces[0], *filter(None, words[1:])] if words else []


def _strip_punctuation(word: str) -> str:
    start, end = 0, len(word)
    while start < end and _is_silent(word[start]):
        start += 1
    while end > start and _is_silent(word[end - 1]):
        end -= 1
    return word[start:end]


def _is_silent(character: str) -> bool:
    silent = unicodedata.category(character).startswith("P")
    return silent and character not in _SPOKEN_PUNCTUATION


def _share(words: Iterable[str], start: float, end: float) -> Iterator[Word]:
    """Give each word its part of the time, by its length."""
    words = list(words)
    per_character = (end - start) / max(1, sum(map(len, words)))
    for word in words:
        after = min(start + per_character * len(word), end)
        yield Word(word, start, after)
        start = after
