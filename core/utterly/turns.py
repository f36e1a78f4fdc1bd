"""Turns: a text in several voices, each with what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, TypeAlias

from utterly.errors import InvalidRequestError
from utterly.text_source import Piece

Turn: TypeAlias = tuple[str | None, str]
"""A voice and what it says; `None` for the request's own voice."""


def split_turns(pieces: Iterable[Piece]) -> Iterator[tuple[Turn | None, Iterator[str]]]:
    """Tell apart who says what, as it arrives.

    Args:
        pieces: Pieces of text, which belong together, and turns, each of which stands for itself.

    Yields:
        The turn, `None` where the text names nobody, and its text in pieces.

    Raises:
        InvalidRequestError: Something that is neither text nor a turn.
    """
    for number, group in groupby(enumerate(pieces), key=_number):
        if number is None:
            yield None, (_check_text(piece) for _, piece in group)
        else:
            turn = _check_turn(next(group)[1])
            yield turn, iter([turn[1]])


def _number(numbered: tuple[int, Any]) -> int | None:
    """One and the same for pieces of text, another one for each turn."""
    number, piece = numbered
    return None if isinstance(piece, str) else number


def _check_text(piece: Any) -> str:
    assert isinstance(piece, str)  # noqa: S101  # for the type checker: so they were told apart
    return piece


def _check_turn(piece: Any) -> Turn:
    match piece:
        case (str() | None as voice, str() as text):
            return voice, text
    raise InvalidRequestError(
        f"text must be str, or turns (voice, text), not {type(piece).__name__}"
    )
