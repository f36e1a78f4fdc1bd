"""Where sentences and paragraphs end, in all scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from utterly.normalisation import SURROGATE

if TYPE_CHECKING:
    from regex import Pattern

_LINE_ENDS = "\n\v\f\r\x85\u2028\u2029"

PARAGRAPH = re.compile(rf"(?>\r\n|[{_LINE_ENDS}])[^\S{_LINE_ENDS}]*[{_LINE_ENDS}][\s]*|\u2029\s*")
"""A blank line, or the separator that Unicode has for it.

A page break alone is a line end like others: pages end within paragraphs.
"""


_WORD_CHARACTER = re.compile(r"[^\W_]")
_NO_WORD_CHARACTER = re.compile(r"[\W_]")
_INSIDE_A_WORD = re.compile(r"[.?!:][A-Za-z0-9]|(?<=\d)\.\d")
"""No end of a sentence; the library knows decimal points between digits of ASCII only."""


def sentence_spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences, end to end; a sentence is never longer than a paragraph.

    Args:
        text: Anything.
        language: BCP 47 tag; unknown ones are cut as English is.
    """
    start = 0
    for end in _sentence_ends(text, language):
        # "a.b@example.org", "example.org/A.B", "३.५"
        if start < end and not _INSIDE_A_WORD.match(text, end - 1):
            yield start, end
            start = end


def find_terminal(text: str, start: int, end: int) -> int | None:
    """Find the next character that may end a sentence; whether it does is not decided here."""
    terminal = _terminals().search(text, start, end)
    return terminal.start() if terminal else None


def find_beginning(text: str, start: int, terminal: int, end: int) -> int | None:
    """Find the place from where it can be told whether a sentence has ended.

    Args:
        text: A beginning of a text; more of it may come.
        start: Where the sentence begins.
        terminal: Offset of what may have ended the sentence.
        end: Where to stop looking.

    Returns:
        The offset after what has to be known; `None` where it is not there yet.
    """
    word = _WORD_CHARACTER.search(text, terminal, end)
    if not word:
        return None
    if not text[max(terminal - 1, start) : terminal].isdigit():
        return word.end()
    # In German "3. März" ends no sentence, "3. Man" does: the whole word has to be known.
    after = _NO_WORD_CHARACTER.search(text, word.end(), end)
    return after.start() if after else None


def _sentence_ends(text: str, language: str) -> Iterator[int]:
    import sentencex

    # The library takes only valid Unicode; one character for one keeps the offsets.
    valid = SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text).replace("\r", " ")
    subtag = language.lower().replace("_", "-").split("-")[0]
    start = 0
    for paragraph_end in [*(match.end() for match in PARAGRAPH.finditer(text)), len(text)]:
        end = start
        for sentence in sentencex.segment(subtag, valid[start:paragraph_end]):
            end += len(sentence)
            yield end
        yield paragraph_end
        start = paragraph_end


@cache
def _terminals() -> Pattern[str]:
    """What may end a sentence; whether it does is for the library to say.

    In a word, such as an address, it never does. The semicolon is the question mark of Greek.
    """
    import regex

    return regex.compile(rf"[\p{{Sentence_Terminal}}…;\u037e](?![A-Za-z0-9])|[{_LINE_ENDS}]")
