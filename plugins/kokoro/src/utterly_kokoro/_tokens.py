"""Words with their phonemes, and how they are laid out for the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

MOST_PHONEMES = 510
"""As many as the network takes at once."""

_FEWEST = 20
_GOOD = 200
"""The model speaks best what has 100 to 200 phonemes, and badly what has under 20."""

_SOON = 40
"""Enough for the first piece where somebody waits: three seconds of speech."""

_GROWTH = 1.5
"""How much longer the next piece may be: it is ready before the last one has been heard, where
speaking takes no more than half of the time that listening does."""

_ENDS = ".!?…"
_BREAKS = _ENDS + ":;,—”)"
"""What a sentence ends with, and what a phrase."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or several that are spoken as one, and its phonemes.

    Attributes:
        text: As it stands in the text; empty for punctuation.
        phonemes: What the network is given; may hold spaces.
        space: Whether a space follows.
    """

    text: str
    phonemes: str
    space: bool = True


def lay_out(tokens: Sequence[Token]) -> str:
    """The phonemes of tokens, one after the other."""
    return "".join(token.phonemes + " " * token.space for token in tokens).rstrip(" ")


def keep_known(tokens: Iterable[Token], vocabulary: frozenset[str]) -> list[Token]:
    """Leave out what the network does not know; durations would no longer fit the phonemes."""
    kept = (
        replace(token, phonemes="".join(filter(vocabulary.__contains__, token.phonemes)))
        for token in tokens
    )
    return [token for token in kept if token.phonemes]


def split_tokens(tokens: Sequence[Token], *, awaited: bool = False) -> Iterator[list[Token]]:
    """Split into pieces that the network takes and speaks well, at the end of a phrase.

    No phoneme is left out: a word that is too long is cut.

    Args:
        tokens: Of one segment.
        awaited: Whether somebody has nothing to hear yet. Then the first piece is one phrase where
            that can be, and the next ones grow.
    """
    waiting = [part for token in tokens for part in _cut(token)]
    room = _SOON if awaited else _GOOD
    while waiting:
        count = _count_next(waiting, room)
        yield waiting[:count]
        room = min(_GOOD, round(max(room, len(lay_out(waiting[:count]))) * _GROWTH))
        waiting = waiting[count:]


def _cut(token: Token) -> Iterator[Token]:
    """Cut a token that is too long, between its words where it has several."""
    text, phonemes = token.text, token.phonemes
    while len(phonemes) > MOST_PHONEMES:
        space = phonemes.rfind(" ", 1, MOST_PHONEMES)
        end = MOST_PHONEMES if space < 0 else space
        yield Token(text, phonemes[:end], space=space >= 0)
        text, phonemes = "", phonemes[end:].lstrip(" ")
    yield Token(text, phonemes, token.space)


def _count_next(tokens: Sequence[Token], room: int) -> int:
    """How many tokens go into the next piece.

    Args:
        tokens: All that are left.
        room: How many phonemes it should have at most.
    """
    lengths = list(_running_lengths(tokens))
    total = lengths[-1]
    if total <= room:
        return len(tokens)
    breaks = [
        count
        for count, length in enumerate(lengths, start=1)
        if tokens[count - 1].phonemes[-1] in _BREAKS
        and _FEWEST <= length <= min(total - _FEWEST, MOST_PHONEMES)
    ]
    if fitting := [count for count in breaks if lengths[count - 1] <= room]:
        ends = (c for c in fitting if tokens[c - 1].phonemes[-1] in _ENDS)
        good = [count for count in ends if lengths[count - 1] >= room / 2] or fitting
        return min(good, key=lambda count: abs(lengths[count - 1] - total / 2))
    if breaks:
        return breaks[0]
    if total <= MOST_PHONEMES:
        return len(tokens)
    # What is left for the piece after this one is never too short to be spoken well.
    most = max(1, sum(length <= min(MOST_PHONEMES, total - _GOOD) for length in lengths))
    return next((count for count in range(most, 0, -1) if tokens[count - 1].space), most)


def _running_lengths(tokens: Sequence[Token]) -> Iterator[int]:
    """For each token, how long a piece is that ends with it."""
    length = 0
    for token in tokens:
        yield length + len(token.phonemes)
        length += len(token.phonemes) + token.space
