"""Where a line of subtitles may end, and how good a place that is."""

# ruff: noqa: RUF001  # some marks of other scripts look like Latin ones

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from utterly.subtitles.words import DETERMINERS, LINKING_WORDS

NARROW, WIDE = 8, 21
LINE_WIDTH = 42 * NARROW
"""42 characters, or 16 wide ones: the limits of Netflix for alphabets, and for Chinese and Korean.
Japanese, where it has 13, is measured as Chinese is: nobody says here what the language is."""

SENTENCE, CLAUSE, LINK, WORD, CHARACTER, SEPARATION, EMERGENCY = 0, 4, 10, 25, 40, 50, 1000
"""Costs: after a sentence, after a clause, before a linking word, between words, between the
characters of a script without spaces, between a word and what it belongs to, within a word."""

_SENTENCE_ENDS = frozenset("!?…。！？｡؟۔।॥։።။។︒")
"""Without the full stop: a segment is one sentence, and a full stop in it an abbreviation's."""

_CLAUSE_ENDS = frozenset(",;:—―，、；：､،؛·՝፣፤፥၊៖")

# Unicode categories, and characters that their category does not tell apart.
_CLOSING = ("Pe", "Pf", "Po", "Pd", "Lm")
_OPENING = ("Ps", "Pi", "Sc")
_SMALL_KANA = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ")
_TRAILING_VOWELS = frozenset("ะาฯະາ")
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")
_WITHOUT_SPACES = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))
"""Thai and Lao, Burmese, Khmer."""


class Break(NamedTuple):
    """A place where a line may end.

    Attributes:
        end: Index of the first cluster that is not in the line before it.
        start: Index of the first cluster of the line after it; a space lies between the two.
        cost: How bad a place it is; 0 is the best.
    """

    end: int
    start: int
    cost: int


def cluster_width(cluster: str) -> int:
    """Width on the screen, in eighths of a Latin letter's."""
    return WIDE if _is_wide(cluster) else NARROW


def find_breaks(clusters: Sequence[str]) -> list[Break]:
    """List the places where lines may end, from the start of the text to its end.

    Between two of them lies no more than fits into a line.

    Args:
        clusters: From `split_clusters`.
    """
    found = [Break(0, 0, 0)]
    for place in (*_places(clusters), Break(len(clusters), len(clusters), 0)):
        found.extend(_emergencies(clusters, found[-1].start, place.end))
        found.append(place)
    return found


def _places(clusters: Sequence[str]) -> Iterator[Break]:
    """The places that the text itself offers."""
    for index in range(1, len(clusters)):
        if clusters[index] == " ":
            cost = _cost_between_words(clusters, index)
            start = index + 1
        else:
            cost = _cost_inside_word(clusters, index)
            start = index
        if cost is not None:
            yield Break(index, start, cost)


def _cost_between_words(clusters: Sequence[str], space: int) -> int | None:
    """Cost of a break at a space, `None` where there must be none."""
    before, after = _word_before(clusters, space), _word_after(clusters, space)
    if _consists_of(after, "P") and not _consists_of(after, *_OPENING):
        return None  # a dash, or the mark after a French sentence
    if _consists_of(before, *_OPENING):
        return None
    if (cost := _cost_after_mark(clusters, space)) is not None:
        return cost
    if _plain(before) in LINKING_WORDS | DETERMINERS:
        return SEPARATION
    return LINK if _plain(after) in LINKING_WORDS else WORD


def _cost_inside_word(clusters: Sequence[str], index: int) -> int | None:
    """Cost of a break where there is no space, `None` where there must be none."""
    before, after = clusters[index - 1][0], clusters[index][0]
    if " " in (before, after) or _starts_no_line(after) or _ends_no_line(before):
        return None
    if before in "—―":  # one that opens a clause stays with it
        return CLAUSE if index > 1 and clusters[index - 2] != " " else None
    if not (_is_breakable(before) or _is_breakable(after)):
        return None
    if unicodedata.category(before) == unicodedata.category(after) == "Nd":
        return None
    if (cost := _cost_after_mark(clusters, index)) is not None:
        return cost
    # Japanese phrases end in hiragana, and most words begin with another script.
    return WORD if _is_hiragana(before) and not _is_hiragana(after) else CHARACTER


def _emergencies(clusters: Sequence[str], start: int, end: int) -> Iterator[Break]:
    """Places to cut what is too long for a line."""
    width = 0
    for index in range(start, end):
        width += cluster_width(clusters[index])
        if width > LINE_WIDTH:
            yield Break(index, index, EMERGENCY)
            width = cluster_width(clusters[index])


def _cost_after_mark(clusters: Sequence[str], end: int) -> int | None:
    """Cost of a break after a sentence or clause; quotes and brackets may close after its mark."""
    last = end - 1
    while last > 0 and (clusters[last] in "\"'" or _consists_of(clusters[last], "Pe", "Pf")):
        last -= 1
    if clusters[last][0] in _SENTENCE_ENDS:
        return SENTENCE
    return CLAUSE if clusters[last][0] in _CLAUSE_ENDS else None


def _word_before(clusters: Sequence[str], space: int) -> str:
    start = space
    while start > 0 and clusters[start - 1] != " ":
        start -= 1
    return "".join(clusters[start:space])


def _word_after(clusters: Sequence[str], space: int) -> str:
    end = space + 1
    while end < len(clusters) and clusters[end] != " ":
        end += 1
    return "".join(clusters[space + 1 : end])


def _plain(word: str) -> str:
    """A word as it stands in the lists."""
    return "".join(filter(str.isalpha, word)).lower()


def _consists_of(text: str, *categories: str) -> bool:
    """Whether all characters are of these Unicode categories; one letter stands for a group."""
    return all(unicodedata.category(character).startswith(categories) for character in text)


def _starts_no_line(character: str) -> bool:
    return _consists_of(character, *_CLOSING) or character in _SMALL_KANA | _TRAILING_VOWELS


def _ends_no_line(character: str) -> bool:
    return _consists_of(character, *_OPENING) or character in _LEADING_VOWELS


def _is_breakable(character: str) -> bool:
    """Whether its script is written without spaces; Korean is wide and has them."""
    wide = _is_wide(character) and "HANGUL" not in unicodedata.name(character, "")
    return wide or any(first <= character <= last for first, last in _WITHOUT_SPACES)


def _is_wide(cluster: str) -> bool:
    return unicodedata.east_asian_width(cluster[0]) in "WF"


def _is_hiragana(character: str) -> bool:
    return "\u3041" <= character <= "\u309f"
