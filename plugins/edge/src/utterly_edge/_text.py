"""Text that the service can take: characters that XML allows, in pieces that fit into a message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_PIECE = 3_000
"""Bytes of escaped text in one message; the library would cut at 4,096, and only at spaces."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for (`Char` in its section 2.2): controls, surrogates, U+FFFE."""

_BREAKS = (
    re.compile(r"[.!?。\uff01\uff1f]\s*"),  # with the wide forms of ! and ?
    re.compile(r"[,;:、\uff0c\uff1b\uff1a]\s*"),  # with those of , ; and :
    re.compile(r"\s"),
)
_ESCAPED = {"&": 5, "<": 4, ">": 4}
_SILENT_CATEGORIES = ("P", "Z", "C", "M")
_SPOKEN_PUNCTUATION = "&%@#"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a segment that goes out in one message.

    Attributes:
        text: What is sent.
        start: Offset of its first character in the segment's text.
    """

    text: str
    start: int


def clean(text: str) -> str:
    """Put a space in place of every character that would end the request; offsets stay."""
    return _FORBIDDEN.sub(" ", text)


def is_silent(text: str) -> bool:
    """Whether there is nothing in it that the service would speak: punctuation and blanks."""
    return all(
        character not in _SPOKEN_PUNCTUATION
        and unicodedata.category(character)[0] in _SILENT_CATEGORIES
        for character in text
    )


def escaped_length(text: str) -> int:
    """Bytes of a text in the message, where `&`, `<` and `>` are escaped."""
    extra = sum(length - 1 for character in text if (length := _ESCAPED.get(character)))
    return len(text.encode("utf-8")) + extra


def split(text: str, longest: int = LONGEST_PIECE) -> Iterator[Piece]:
    """Cut a text where a reader would pause, into pieces with something to speak.

    Args:
        text: Cleaned.
        longest: Bytes of escaped text in a piece, 8 or more.
    """
    start = 0
    while start < len(text):
        end = start + _fitting(text[start : start + longest], longest)
        if end < len(text):
            end = _last_break(text, start, end)
        if not is_silent(text[start:end]):
            yield Piece(text[start:end], start)
        start = end


def _fitting(text: str, longest: int) -> int:
    """How many characters from the start fit."""
    length = 0
    for index, character in enumerate(text):
        length += escaped_length(character)
        if length > longest:
            return index
    return len(text)


def _last_break(text: str, start: int, end: int) -> int:
    """The best place to cut before `end`: after a sentence, a clause, a word, a letter."""
    half = start + (end - start) // 2
    for pattern in _BREAKS:
        places = [match.end() for match in pattern.finditer(text, half, end)]
        if places:
            return places[-1]
    while end > half and unicodedata.combining(text[end]):
        end -= 1
    return end
