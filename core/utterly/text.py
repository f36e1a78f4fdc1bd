"""From text to segments: one sentence each, with its place in the original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from utterly.request import Source

_SURROGATE = re.compile("[\ud800-\udfff]")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
"""A blank line."""

_DECIMAL = re.compile(r"(?<=\d\.)\d")
"""The digits after a decimal point, of any script: the library knows those of ASCII only."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What is spoken, and fails over, in one piece.

    Attributes:
        text: What engines are asked to speak.
        source: The same in the caller's text.
        starts_paragraph: Whether it is the first of its paragraph.
    """

    text: str
    source: Source
    starts_paragraph: bool = False


def is_speakable(text: str) -> bool:
    """Whether there is anything to say: a letter or a digit of any script."""
    return any(character.isalnum() for character in text)


def split_segments(text: str, language: str) -> tuple[Segment, ...]:
    """Cut text into sentences; what cannot be spoken by itself stays with its neighbour.

    Args:
        text: Anything; blank text gives no segment.
        language: BCP 47 tag; unknown ones are cut as English is.

    Returns:
        Segments in order; all letters and digits of the text are in exactly one of them.
    """
    return tuple(split_pieces([text], language))


def split_pieces(pieces: Iterable[str], language: str) -> Iterator[Segment]:
    """Cut text that arrives in pieces, such as the tokens of a language model.

    Args:
        pieces: Anything that makes text when joined.
        language: BCP 47 tag; unknown ones are cut as English is.

    Yields:
        Each sentence as soon as the beginning of the next one shows that it is over.
    """
    cutter = _Cutter(language)
    for piece in pieces:
        yield from cutter.add(piece)
    yield from cutter.finish()


class _Cutter:
    """Cuts text that grows; what may still change is kept back."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._text = ""
        self._offset = 0
        self._blank_before = "\n\n"

    def add(self, piece: str) -> Iterator[Segment]:
        """Take a piece in, and give out what has become certain."""
        self._text += piece
        spans = self._spans()
        yield from (self._segment(span) for span in spans[:-1])
        self._drop(spans[-1][0] if spans else 0)

    def finish(self) -> Iterator[Segment]:
        """The text has ended: what is left is certain."""
        yield from (self._segment(span) for span in self._spans())

    def _spans(self) -> list[tuple[int, int]]:
        return list(_join_fragments(self._text, _sentences(self._text, self._language)))

    def _drop(self, start: int) -> None:
        self._text = self._text[start:]
        self._offset += start

    def _segment(self, span: tuple[int, int]) -> Segment:
        original = self._text[slice(*span)]
        stripped = original.strip()
        blank, after = original.split(stripped, 1)
        starts_paragraph = bool(_PARAGRAPH.search(self._blank_before + blank))
        self._blank_before = after
        start = self._offset + span[0] + len(blank)
        spoken = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", stripped)
        source = Source(stripped, start, start + len(stripped))
        return Segment(spoken, source, starts_paragraph)


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences, end to end."""
    import sentencex

    # The library takes only valid Unicode; one character for one keeps the offsets.
    valid = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    start = 0
    for sentence in sentencex.segment(language.lower().split("-")[0], valid):
        yield start, start + len(sentence)
        start += len(sentence)
    if start < len(text):
        yield start, len(text)


def _join_fragments(text: str, sentences: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join each piece that is no sentence to the one before it, or after it at the start."""
    pending: tuple[int, int] | None = None
    for start, end in sentences:
        if pending is None:
            pending = (start, end)
        elif _is_sentence(text, *pending) and _is_sentence(text, start, end):
            yield pending
            pending = (start, end)
        else:
            pending = (pending[0], end)
    if pending is not None and is_speakable(text[slice(*pending)]):
        yield pending


def _is_sentence(text: str, start: int, end: int) -> bool:
    """Whether something may stand for itself."""
    return is_speakable(text[start:end]) and not _DECIMAL.match(text, start)
