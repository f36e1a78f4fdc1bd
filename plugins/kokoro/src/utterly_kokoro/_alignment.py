"""Which phonemes belong to which word, where they come without saying so.

eSpeak speaks some words as one ("of the"), and one word as several ("1,234").
"""

# ruff: noqa: RUF001  # punctuation of other scripts is meant
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import product

from utterly_kokoro._tokens import Token

_MOST_WORDS = 6
"""How many may be spoken as one, or one as how many."""

_LARGEST = 4_000
"""Words times phoneme words; beyond that, time is shared by letters alone."""

_CLAUSES = re.compile(
    r"[^.!?…,;:—。！？、，；：।\n]*[.!?…,;:—。！？、，；：।\n]*[\s”\"')\]」』）]*"
)


def split_clauses(text: str) -> list[str]:
    """Split text after each group of punctuation, but never within a number or an abbreviation.

    The pieces, put together, are the text.
    """
    clauses: list[str] = []
    for piece in filter(None, _CLAUSES.findall(text)):
        if clauses and not _ends_clause(clauses[-1]):
            clauses[-1] += piece
        else:
            clauses.append(piece)
    return clauses


def _ends_clause(clause: str) -> bool:
    """Whether white space follows, or punctuation that never stands within a word."""
    return clause[-1].isspace() or clause.rstrip("”\"')]」』）")[-1:] not in tuple(".!?…,;:—")


def spoken_words(pieces: Sequence[str]) -> list[str]:
    """The words without the punctuation around them, as far as anything is left."""
    return [word for word in map(strip_punctuation, pieces) if any(map(str.isalnum, word))]


def strip_punctuation(word: str) -> str:
    """A word without the punctuation around it."""
    start, end = 0, len(word)
    while start < end and _is_mark(word[start]):
        start += 1
    while end > start and _is_mark(word[end - 1]):
        end -= 1
    return word[start:end]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PZC"


def align(words: Sequence[str], phonemes: str) -> list[Token]:
    """Give each word its phonemes.

    Args:
        words: As they stand in the text.
        phonemes: Of all of them, with spaces between those that are spoken apart.
    """
    spoken = _join_marks(phonemes.split())
    if not words or not spoken:
        return [Token("", part) for part in spoken]
    if len(words) == len(spoken):
        return [Token(word, part) for word, part in zip(words, spoken, strict=True)]
    if len(words) * len(spoken) > _LARGEST:
        return [Token(" ".join(words), " ".join(spoken))]
    return [
        Token(" ".join(words[a:b]), " ".join(spoken[c:d]))
        for a, b, c, d in _cheapest_path(words, spoken)
    ]


def _count_letters(word: str) -> int:
    """How many letters a word has; a digit is spoken as a word of its own."""
    return sum(5 if character.isdigit() else 1 for character in word)


def _join_marks(parts: Sequence[str]) -> list[str]:
    """Put punctuation that stands alone to the word before it."""
    joined: list[str] = []
    for part in parts:
        if joined and not any(map(str.isalpha, part)):
            joined[-1] += " " + part
        else:
            joined.append(part)
    return joined


def _cheapest_path(
    words: Sequence[str], spoken: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Pairs of ranges, one word with several or several with one, of the most even lengths."""
    per_letter = sum(map(len, spoken)) / sum(map(_count_letters, words))
    steps = [(1, count) for count in range(1, _MOST_WORDS + 1)]
    steps += [(count, 1) for count in range(2, _MOST_WORDS + 1)]
    costs: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for end in product(range(1, len(words) + 1), range(1, len(spoken) + 1)):
        ways = []
        for step in steps:
            start = (end[0] - step[0], end[1] - step[1])
            if start in costs:
                letters = sum(map(_count_letters, words[start[0] : end[0]]))
                sounds = sum(map(len, spoken[start[1] : end[1]]))
                odd = abs(letters * per_letter - sounds) + sum(step) - 2
                ways.append((costs[start][0] + odd, start))
        if ways:
            costs[end] = min(ways)
    end = (len(words), len(spoken))
    if end not in costs:  # far too many of one kind
        yield 0, end[0], 0, end[1]
        return
    path = []
    while end != (0, 0):
        start = costs[end][1]
        path.append((start[0], end[0], start[1], end[1]))
        end = start
    yield from reversed(path)
