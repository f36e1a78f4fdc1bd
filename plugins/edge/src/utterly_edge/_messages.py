"""Messages of one turn, each waited for no longer than a fixed time.

The library's own limit on reading ends with the handshake. And a connection that is given up is
closed politely, with up to ten seconds for the other side to answer: cancelled twice, it is closed
at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any, Literal, TypeAlias

from utterly import StageTimeoutError

Stage: TypeAlias = Literal["first_audio", "streaming"]

_CLOSING_SECONDS = 0.1


async def messages(
    stream: AsyncGenerator[Any, None], first_seconds: float, idle_seconds: float
) -> AsyncGenerator[Any, None]:
    """Hand on what comes from the library.

    Args:
        stream: Its messages.
        first_seconds: For the first one.
        idle_seconds: For each that follows, and for the end.

    Raises:
        StageTimeoutError: None came in time.
    """
    receiver = _Receiver(stream, idle_seconds)
    receiver.expect("first_audio", first_seconds)
    task = asyncio.create_task(receiver.run())
    try:
        while (message := await receiver.arrived.get()) is not None:
            if isinstance(message, StageTimeoutError):
                raise message
            yield message
        await task
    finally:
        await _stop(task)


class _Receiver:
    """Takes messages as they come, and puts an error in the place of one that is late.

    The clock runs here and not where messages are taken out: how long the service is silent does
    not depend on how fast somebody listens.

    Args:
        stream: The library's messages.
        idle_seconds: For each after the first, and for the end.

    Attributes:
        arrived: What came, `None` at the end.
    """

    def __init__(self, stream: AsyncGenerator[Any, None], idle_seconds: float) -> None:
        self.arrived: asyncio.Queue[Any] = asyncio.Queue()
        self._stream = stream
        self._idle_seconds = idle_seconds

    def expect(self, stage: Stage, seconds: float) -> None:
        """Set the clock for the next message."""
        loop = asyncio.get_running_loop()
        self._clock = loop.call_later(seconds, self._give_up, stage, seconds)

    async def run(self) -> None:
        """Receive until the end."""
        try:
            async for message in self._stream:
                self._clock.cancel()
                self.arrived.put_nowait(message)
                self.expect("streaming", self._idle_seconds)
        finally:
            self._clock.cancel()
            self.arrived.put_nowait(None)
            await self._stream.aclose()

    def _give_up(self, stage: Stage, seconds: float) -> None:
        message = f"the service sent nothing for {seconds:g} s"
        self.arrived.put_nowait(StageTimeoutError(message, stage=stage))


async def _stop(task: asyncio.Task[None]) -> None:
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CLOSING_SECONDS)
    with suppress(asyncio.CancelledError, Exception):
        task.result()
