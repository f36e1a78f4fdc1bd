"""From text to segments: a sentence each, or a part of one, with its place in the original."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from utterly.clauses import break_text, first_break
from utterly.normalisation import normalise
from utterly.request import Source
from utterly.sentences import PARAGRAPH, find_beginning, find_terminal, sentence_spans

LONGEST_SEGMENT = 600
"""Characters, where no engine asks for fewer: some 40 s of speech.

What fails over is a segment, and many engines give audio only when they have spoken all of it. So
a text without a full stop would be lost, or waited for, as a whole.
"""

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Segment:
    """What is spoken, and fails over, in one piece.

    Attributes:
        text: What engines are asked to speak, normalised.
        source: The same in the caller's text, as it was written.
        starts_paragraph: Whether it is the first of its paragraph.
    """

    text: str
    source: Source
    starts_paragraph: bool = False


def is_speakable(text: str) -> bool:
    """Whether there is anything to say: a letter or a digit of any script."""
    return bool(_LETTER_OR_DIGIT.search(text))


def split_segments(text: str, language: str, longest: int | None = None) -> tuple[Segment, ...]:
    """Cut text into sentences; what cannot be spoken by itself stays with its neighbour.

    Args:
        text: Anything; blank text gives no segment.
        language: BCP 47 tag; unknown ones are cut as English is.
        longest: Most characters of a segment's text, at least 3; never more than
            `LONGEST_SEGMENT`.

    Returns:
        Segments in order; all letters and digits of the text are in exactly one of them.
    """
    return tuple(split_pieces([text], language, longest))


def split_pieces(
    pieces: Iterable[str], language: str, longest: int | None = None
) -> Iterator[Segment]:
    """Cut text that arrives in pieces, such as the tokens of a language model.

    The segments are those of the whole text, wherever it was cut.

    Args:
        pieces: Anything that makes text when joined.
        language: BCP 47 tag; unknown ones are cut as English is.
        longest: Most characters of a segment's text, as for `split_segments`.

    Yields:
        Each sentence as soon as the beginning of the next one shows that it is over.
    """
    cutter = _Cutter(language, min(longest or LONGEST_SEGMENT, LONGEST_SEGMENT))
    for piece in pieces:
        yield from cutter.add(piece)
    yield from cutter.finish()


class _Cutter:
    """Cuts text that grows.

    It looks at the text only where a sentence may have begun, and where too much has come without
    one. Both are places in the text, so that the pieces it comes in make no difference.
    """

    def __init__(self, language: str, longest: int) -> None:
        self._language = language
        self._longest = longest
        self._text = ""
        self._offset = 0
        self._start = 0
        self._seen = 0
        self._gap = "\n\n"

    def add(self, piece: str) -> Iterator[Segment]:
        """Take a piece in, and give out what has become certain."""
        self._text += piece
        while (end := self._next_look()) is not None:
            self._seen = end
            yield from self._look(end)
        self._text = self._text[self._start :]
        self._offset += self._start
        self._seen -= self._start
        self._start = 0

    def finish(self) -> Iterator[Segment]:
        """The text has ended: what is left is certain."""
        for span in self._spans(len(self._text)):
            yield from self._segments(span)

    def _next_look(self) -> int | None:
        """The next place to look back from; `None` before there is one."""
        # Twice as much as fits: then the rest is no tiny one.
        enough = self._start + 2 * self._longest
        known = min(len(self._text), enough)
        terminal = find_terminal(self._text, self._seen, known)
        self._seen = known if terminal is None else terminal
        if terminal is not None:
            end = find_beginning(self._text, self._start, terminal, known)
            if end is not None:
                return end
        return enough if known == enough else None

    def _look(self, end: int) -> Iterator[Segment]:
        """Give out the sentences that are over, and the first part of one that is too long."""
        *complete, last = self._spans(end) or [(self._start, end)]
        for span in complete:
            yield from self._segments(span)
        self._start = last[0]
        if end - self._start >= 2 * self._longest:
            middle = self._start + first_break(self._text[self._start : end], self._longest)
            yield from self._segments((self._start, middle))
            self._start = middle

    def _spans(self, end: int) -> list[tuple[int, int]]:
        """The sentences up to an offset."""
        text = self._text[self._start : end]
        joined = _join_unspeakable(text, sentence_spans(text, self._language))
        return [(self._start + first, self._start + last) for first, last in joined]

    def _segments(self, span: tuple[int, int]) -> Iterator[Segment]:
        """The parts of a sentence; what cannot be spoken is left out."""
        sentence = self._text[slice(*span)]
        for first, last in break_text(sentence, self._longest):
            part = sentence[first:last]
            original, spoken = part.strip(), normalise(part)
            if not is_speakable(spoken):
                self._gap = (self._gap + part)[-2 * self._longest :]
                continue
            blank, after = part.split(original, 1)
            starts_paragraph = bool(PARAGRAPH.search(self._gap + blank))
            self._gap = after
            start = self._offset + span[0] + first + len(blank)
            source = Source(original, start, start + len(original))
            yield Segment(spoken, source, starts_paragraph)


def _join_unspeakable(text: str, sentences: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join each piece without a letter or digit to the one before it, or after it at the start."""
    begin, end, speakable = 0, 0, False
    for first, last in sentences:
        more = is_speakable(text[first:last])
        if speakable and more:
            yield begin, end
            begin = first
        end, speakable = last, speakable or more
    if end:
        yield begin, end
