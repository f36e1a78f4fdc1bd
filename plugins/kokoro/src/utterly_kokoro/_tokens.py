"""Words with their phonemes, and how they are laid out for the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

MOST_PHONEMES = 510
"""As many as the network takes at once."""

_FEWEST = 20
_GOOD = 150
"""The model speaks best what has 100 to 200 phonemes, and badly what has under 20."""

_BREAKS = (".!?…", ":;", ",—”)")
"""Where to break first."""


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


def split_tokens(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Split into pieces that the network takes, at the end of a sentence where possible.

    No phoneme is left out: a word that is too long is cut.
    """
    waiting = [part for token in tokens for part in _cut(token)]
    while waiting:
        count = _count_next(waiting)
        yield waiting[:count]
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


def _count_next(tokens: Sequence[Token]) -> int:
    """How many tokens go into the next piece."""
    lengths = list(_running_lengths(tokens))
    total = lengths[-1]
    # What is left for the piece after this one is never too short to be spoken well.
    room = MOST_PHONEMES if total <= MOST_PHONEMES else min(MOST_PHONEMES, total - _GOOD)
    fitting = max(1, sum(length <= room for length in lengths))
    for count in range(1, fitting):
        is_end = tokens[count - 1].phonemes[-1] in _BREAKS[0]
        if is_end and lengths[count - 1] >= _GOOD and total - lengths[count - 1] >= _FEWEST:
            return count
    return len(tokens) if fitting == len(tokens) else _best_break(tokens, lengths, fitting)


def _running_lengths(tokens: Sequence[Token]) -> Iterator[int]:
    """For each token, how long a piece is that ends with it."""
    length = 0
    for token in tokens:
        yield length + len(token.phonemes)
        length += len(token.phonemes) + token.space


def _best_break(tokens: Sequence[Token], lengths: Sequence[int], fitting: int) -> int:
    for marks in _BREAKS:
        for count in range(fitting, 0, -1):
            if lengths[count - 1] >= _FEWEST and tokens[count - 1].phonemes[-1] in marks:
                return count
    spaced = (count for count in range(fitting, 0, -1) if tokens[count - 1].space)
    return next(spaced, fitting)
