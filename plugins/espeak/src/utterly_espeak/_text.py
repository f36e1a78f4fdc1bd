"""Text that the library can take without harm.

eSpeak NG 1.52 writes past its buffers for some texts, and that ends the process: a word that is
long enough ("s's's's..."), many abbreviations ("e.g. e.g. ..."), a few symbols in a few voices.
What is known of it is taken out here; all of it was found by feeding the library random text.
Nothing can promise that this was all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

LONGEST_WORD = 64
"""Characters; the longest words of people are shorter, the library's buffers not much longer."""

_LONG_WORD = re.compile(rf"[^\s、。，！？…]{{{LONGEST_WORD}}}(?=\S)")  # noqa: RUF001  # as in Chinese

MOST_ABBREVIATIONS = 20
"""Their stops end no clause, and their letters are spelled: in German, 100 of them overflow."""

_STOP_IN_ABBREVIATION = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_])")

_REPLACED = {
    "[": "(",  # with "]" before a long clause, Sinhala overflows
    "]": ")",
    "`": " ",  # alone, in Vietnamese
    "\N{FACE WITH COWBOY HAT}": " ",  # in German, after crossed fingers
    "\N{OM SYMBOL}": " ",  # in Tigrinya, before a long clause
}
_BRAILLE = range(0x2800, 0x2900)  # in Arabic, Finnish, Tigrinya, Tswana, Totontepec Mixe
_CIRCLED_LETTERS = range(0x24B6, 0x24EA)  # in eleven languages of India, Burmese and Amharic


@dataclass(frozen=True, slots=True)
class SpeakableText:
    """Text for the library, and the way back from its offsets.

    Attributes:
        text: What to speak.
        breaks: Offsets in it of spaces that the original has not.
    """

    text: str
    breaks: tuple[int, ...] = ()

    def original_offset(self, offset: int) -> int:
        """Where a character stands in the original text."""
        return offset - bisect_right(self.breaks, offset)


def make_speakable(text: str) -> SpeakableText:
    """Replace what cannot be spoken, character by character, and break words beyond measure."""
    safe = "".join(map(_replace, text))
    if len(_STOP_IN_ABBREVIATION.findall(safe)) > MOST_ABBREVIATIONS:
        safe = _STOP_IN_ABBREVIATION.sub(" ", safe)
    # Each match ends where a space goes in; those before it have moved it on.
    ends = [match.end() for match in _LONG_WORD.finditer(safe)]
    pieces = [safe[start:end] for start, end in zip([0, *ends], [*ends, None], strict=True)]
    return SpeakableText(" ".join(pieces), tuple(end + index for index, end in enumerate(ends)))


def _replace(character: str) -> str:
    """Give a character that is safe; a space for controls, surrogates and what is not assigned."""
    if character.isascii() and character.isalnum():
        return character
    if character in _REPLACED:
        return _REPLACED[character]
    if character in "\n\t" or ord(character) in _BRAILLE:
        return " " if ord(character) in _BRAILLE else character
    if ord(character) in _CIRCLED_LETTERS:
        return unicodedata.normalize("NFKC", character)
    return " " if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") else character
