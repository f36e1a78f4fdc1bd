"""What the pages of one visitor are told as it happens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]
"""Ready for JSON; `type` says what it is about."""

MOST_NOTES = 100
"""What a page that comes later, or again, still gets to read."""

MOST_WAITING = 2_000
"""Messages that a page may be behind with; it is cut off then, and comes again."""

QUIET_SECONDS = 15.0


class Feed:
    """Hands messages to every page that follows."""

    def __init__(self) -> None:
        self.notes: deque[Message] = deque(maxlen=MOST_NOTES)
        self._pages: set[asyncio.Queue[Message | None]] = set()

    @property
    def is_followed(self) -> bool:
        """Whether a page is there."""
        return bool(self._pages)

    def publish(self, message: Message, *, keep: bool = False) -> None:
        """Tell all pages.

        Args:
            message: What to tell.
            keep: Whether pages that come later are told too.
        """
        if keep:
            self.notes.append(message)
        for page in tuple(self._pages):
            if page.qsize() < MOST_WAITING:
                page.put_nowait(message)
            else:
                self._pages.discard(page)
                page.put_nowait(None)

    def close(self) -> None:
        """Nothing more is going to happen."""
        for page in self._pages:
            page.put_nowait(None)

    @contextmanager
    def follow(self) -> Iterator[AsyncIterator[Message | None]]:
        """What is published from now on, for as long as the block lasts.

        `None` comes where nothing happened for a while: then it shows whether the page is there.
        """
        page: asyncio.Queue[Message | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            yield _messages(page)
        finally:
            self._pages.discard(page)


async def _messages(page: asyncio.Queue[Message | None]) -> AsyncIterator[Message | None]:
    message: Message | None
    while True:
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                message = await page.get()
        except TimeoutError:
            yield None
            continue
        if message is None:
            return
        yield message
