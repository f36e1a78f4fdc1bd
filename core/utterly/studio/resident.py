"""A speaker whose models stay loaded while somebody is there, and are given back afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from utterly.async_speaker import AsyncSpeaker


class ResidentSpeaker:
    """Lends one speaker to everybody who is there.

    When the last one has left for a while, it is closed, and with it goes what its engines loaded;
    the next one to come gets a new one.

    Args:
        make: Makes a speaker that unloads nothing by itself.
        idle_seconds: How long it is kept for nobody.
    """

    def __init__(self, make: Callable[[], AsyncSpeaker], idle_seconds: float) -> None:
        self._make = make
        self._idle_seconds = idle_seconds
        self._speaker: AsyncSpeaker | None = None
        self._present = 0
        self._leaving: asyncio.TimerHandle | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @contextmanager
    def in_use(self) -> Iterator[AsyncSpeaker]:
        """The speaker, kept for the length of the block."""
        with self.presence():
            if self._speaker is None:
                self._speaker = self._make()
            yield self._speaker

    @contextmanager
    def presence(self) -> Iterator[None]:
        """Somebody is there for the length of the block, and may want to hear something soon."""
        self._present += 1
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        try:
            yield
        finally:
            self._present -= 1
            if not self._present:
                loop = asyncio.get_running_loop()
                self._leaving = loop.call_later(self._idle_seconds, self._let_go)

    async def close(self) -> None:
        """Give everything back now."""
        if self._leaving is not None:
            self._leaving.cancel()
        self._let_go()
        if self._closing:
            await asyncio.wait(self._closing)

    def _let_go(self) -> None:
        self._leaving = None
        speaker, self._speaker = self._speaker, None
        if speaker is not None:
            closing = asyncio.create_task(speaker.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
