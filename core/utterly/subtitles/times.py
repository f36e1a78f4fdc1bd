"""When each part of a segment's text is heard: from the engine's words, or by their share of it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from utterly.subtitles.breaks import find_breaks

if TYPE_CHECKING:
    from utterly.audio import Word
    from utterly.speech import SpokenSegment

_REACH = 40
"""Letters to look ahead for a word, beside those of the words before it that were not found: an
engine may read `42` as `forty two`, or leave something out, and goes on after it."""


class _Anchor(NamedTuple):
    """A moment that is known.

    Attributes:
        letter: How many letters of the text come before it.
        seconds: When it is.
    """

    letter: int
    seconds: float


class Clock:
    """Tells when the text of a segment is heard.

    Args:
        segment: With its times.
        clusters: Its text.
    """

    def __init__(self, segment: SpokenSegment, clusters: Sequence[str]) -> None:
        letters = [_letters(cluster) for cluster in clusters]
        if not any(letters):  # only punctuation: then it is what takes the time
            letters = list(clusters)
        self._before = [0, *accumulate(map(len, letters))]
        word_starts = {self._before[place.start] for place in find_breaks(clusters)}
        self._anchors = _anchors(segment, "".join(letters), word_starts)

    def start(self, cluster: int) -> float:
        """When a cluster begins, in seconds."""
        letter = self._before[cluster]
        place = bisect_right(self._anchors, letter, key=lambda anchor: anchor.letter) - 1
        return self._between(place, letter)

    def end(self, cluster: int) -> float:
        """When all that stands before a cluster has ended, in seconds."""
        letter = self._before[cluster]
        place = bisect_left(self._anchors, letter, key=lambda anchor: anchor.letter) - 1
        return self._between(max(place, 0), letter)

    def _between(self, place: int, letter: int) -> float:
        """The moment of a letter at an anchor or after it."""
        before = self._anchors[place]
        if before.letter == letter:
            return before.seconds
        after = self._anchors[place + 1]
        share = (letter - before.letter) / (after.letter - before.letter)
        return before.seconds + share * (after.seconds - before.seconds)


def _letters(text: str) -> str:
    """What is left of a text when case, accents, width and punctuation make no difference."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if unicodedata.category(c)[0] in "LNS")


def _anchors(
    segment: SpokenSegment, letters: str, word_starts: Collection[int]
) -> tuple[_Anchor, ...]:
    """What is known about a segment, in order; nothing outside it and nothing backwards."""
    anchors = [_Anchor(0, segment.start)]
    for first, word in _find_words(segment.words, letters, word_starts):
        for letter, seconds in ((first, word.start), (first + len(_letters(word.text)), word.end)):
            sane = min(max(seconds, anchors[-1].seconds), segment.end)
            anchors.append(_Anchor(letter, sane))
    return (*anchors, _Anchor(len(letters), segment.end))


def _find_words(
    words: Sequence[Word], letters: str, word_starts: Collection[int]
) -> Iterator[tuple[int, Word]]:
    """The words that stand in the text, each after the one before it, with their first letter."""
    place, missed = 0, 0
    for word in words:
        wanted = _letters(word.text)
        for first in range(place, min(place + missed + _REACH, len(letters))):
            begins = first == place or first in word_starts
            if wanted and begins and letters.startswith(wanted, first):
                yield first, word
                place, missed = first + len(wanted), 0
                break
        else:
            missed += len(wanted)
