"""Text as it arrives: all at once, in pieces, or asynchronously; read by a thread of ours."""

from __future__ import annotations

from collections.abc import AsyncIterable, Generator, Iterable, Iterator
from contextlib import suppress
from typing import TypeAlias

from utterly.cancellation import Cancellation

Piece: TypeAlias = str | tuple[str | None, str]
"""A piece of text, or a turn: a voice and what it says, `None` for the request's own voice."""

Text: TypeAlias = str | Iterable[Piece] | AsyncIterable[Piece]
"""Text at once, or in pieces or turns as they arrive."""


def read_pieces(
    text: Iterable[Piece] | AsyncIterable[Piece], cancellation: Cancellation
) -> Generator[Piece, None, None]:
    """Read pieces of text; a generator that they come from is closed at the end.

    Args:
        text: Where they come from. Asynchronous text is read on an event loop of its own.
        cancellation: Ends the waiting for asynchronous text.
    """
    if isinstance(text, AsyncIterable):
        yield from _read_async(text, cancellation)
        return
    try:
        for piece in text:  # noqa: UP028  # "yield from" would close whatever it is, a file too
            yield piece
    finally:
        if isinstance(text, Generator):
            text.close()


def _read_async(text: AsyncIterable[Piece], cancellation: Cancellation) -> Iterator[Piece]:
    import asyncio

    pieces = aiter(text)

    async def read() -> Piece | None:
        """The next piece; `None` at the end, and when nobody wants it any more."""
        loop, reading = asyncio.get_running_loop(), asyncio.ensure_future(anext(pieces, None))
        with cancellation.calling(lambda: loop.call_soon_threadsafe(reading.cancel)):
            await asyncio.wait([reading])
        return None if reading.cancelled() else reading.result()

    async def close() -> None:
        if close := getattr(pieces, "aclose", None):
            await close()

    with asyncio.Runner() as runner:
        try:
            while (piece := runner.run(read())) is not None:
                yield piece
        finally:
            with suppress(Exception):  # nobody is left to be told
                runner.run(close())
