"""Breaking what is too long: after a clause, else between words, else between characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from utterly.normalisation import MOST_OF_ONE, normalise

_CLAUSE_END = re.compile(
    r"""[,;:.!?،؛؟۔॥।–—…]['")\]}»”’]*(?=\s)"""  # noqa: RUF001  # of all scripts
    r"|[、，；：。！？｡､」』】）—…]"  # noqa: RUF001  # these are followed by no space
)
_WHITE_SPACE = re.compile(r"\s+")
_LEAST_SHARE = 4
"""A clause or word shorter than this part of the limit does not stand alone."""


def break_text(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Offsets of parts, end to end, each no longer than a limit once it is normalised.

    Args:
        text: One sentence.
        longest: Characters, at least 3: so many can come of one when it is composed.
    """
    start = 0
    while _too_long(rest := text[start:], longest):
        end = start + first_break(rest, longest)
        yield start, end
        start = end
    yield start, len(text)


def first_break(text: str, longest: int) -> int:
    """Where to break text that is too long: as far on as fits, and so that no tiny rest is left.

    Args:
        text: One sentence, or the beginning of one.
        longest: Characters, at least 3.

    Returns:
        The offset of the first break, in grapheme clusters unless one alone is too long.
    """
    fits = _fitting(text, longest)
    aim = min(fits, (len(text) + 1) // 2)
    for find in _FINDERS:
        ends = [end for end in find(text) if max(fits // _LEAST_SHARE, 1) <= end <= fits]
        if ends:
            return min(ends, key=lambda end: abs(end - aim))
    return fits


def _fitting(text: str, longest: int) -> int:
    """How many characters of a text are no longer than the limit once they are normalised."""
    fits = min(len(text), longest)
    while (excess := len(normalise(text[:fits])) - longest) > 0:
        fits -= max(excess // MOST_OF_ONE, 1)
    return fits


def _too_long(text: str, longest: int) -> bool:
    return len(text) * MOST_OF_ONE > longest and len(normalise(text)) > longest


def _clause_ends(text: str) -> Iterator[int]:
    return (match.end() for match in _CLAUSE_END.finditer(text))


def _word_ends(text: str) -> Iterator[int]:
    return (match.start() for match in _WHITE_SPACE.finditer(text))


def _cluster_ends(text: str) -> Iterator[int]:
    import regex

    return (match.end() for match in regex.finditer(r"\X", text))


_FINDERS: tuple[Callable[[str], Iterator[int]], ...] = (_clause_ends, _word_ends, _cluster_ends)
"""The better places first."""
