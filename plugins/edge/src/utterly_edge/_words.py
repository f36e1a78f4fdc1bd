"""Word timings: what the service calls a word, found in the text."""

from __future__ import annotations

import re

from utterly import Word

TICKS = 10_000_000
"""The service counts time in steps of 100 ns."""

_WORD = re.compile(r"\w+")
EXPECTED_SHARE = 0.6
"""A heuristic: with less of the text's words named, it was probably not all spoken."""


class WordTracker:
    """Finds the words of one segment, in their order.

    Args:
        text: The segment's.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._reached = 0
        self._waiting: list[Word] = []
        self._last = 0.0
        self._heard = 0

    def follow(self, word: str, start: float, duration: float) -> None:
        """Take a word of the service's; one that is not in the text is left out.

        Args:
            word: As the service spells it.
            start: Seconds from the start of the segment.
            duration: Seconds.
        """
        place = self._text.find(word, self._reached) if word else -1
        if place < 0:
            return
        self._reached = place + len(word)
        self._heard += len(_WORD.findall(word))
        start = max(start, self._last)
        self._last = start
        self._waiting.append(Word(word, start, start + max(duration, 0.0)))

    def take(self, reached: float) -> tuple[Word, ...]:
        """The words that are over by a time; each is given out once."""
        count = 0
        while count < len(self._waiting) and self._waiting[count].end <= reached:
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return tuple(taken)

    def finish(self, end: float) -> tuple[Word, ...]:
        """The rest of the words, none later than the end of the audio."""
        rest, self._waiting = self._waiting, []
        return tuple(Word(w.text, min(w.start, end), min(w.end, end)) for w in rest)

    def covers_text(self) -> bool:
        """Whether about as many words were named as the text has."""
        return self._heard >= EXPECTED_SHARE * len(_WORD.findall(self._text))
