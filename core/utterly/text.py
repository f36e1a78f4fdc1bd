"""From text to segments: one sentence each, with its place in the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from utterly.request import Source

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """What is spoken, and fails over, in one piece.

    Attributes:
        text: What engines are asked to speak.
        source: The same in the caller's text.
    """

    text: str
    source: Source


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
    return tuple(
        _segment(text, start, end)
        for start, end in _join_unspeakable(text, _sentences(text, language))
    )


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


def _join_unspeakable(text: str, sentences: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join each piece without a letter or digit to the one before it, or after it at the start."""
    pending: tuple[int, int] | None = None
    for start, end in sentences:
        if pending is None:
            pending = (start, end)
        elif is_speakable(text[slice(*pending)]) and is_speakable(text[start:end]):
            yield pending
            pending = (start, end)
        else:
            pending = (pending[0], end)
    if pending is not None and is_speakable(text[slice(*pending)]):
        yield pending


def _segment(text: str, start: int, end: int) -> Segment:
    original = text[start:end]
    stripped = original.strip()
    start += original.index(stripped)
    spoken = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", stripped)
    return Segment(spoken, Source(stripped, start, start + len(stripped)))
