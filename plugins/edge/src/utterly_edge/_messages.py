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
    arrived: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.create_task(_receive(stream, arrived))
    stage: Stage = "first_audio"
    seconds = first_seconds
    try:
        while True:
            try:
                async with asyncio.timeout(seconds):
                    message = await arrived.get()
            except TimeoutError:
                raise StageTimeoutError(
                    f"the service sent nothing for {seconds:g} s", stage=stage
                ) from None
            if message is None:
                break
            yield message
            stage, seconds = "streaming", idle_seconds
        await task
    finally:
        await _stop(task)


async def _receive(stream: AsyncGenerator[Any, None], arrived: asyncio.Queue[Any]) -> None:
    try:
        async for message in stream:
            arrived.put_nowait(message)
    finally:
        arrived.put_nowait(None)
        await stream.aclose()


async def _stop(task: asyncio.Task[None]) -> None:
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_CLOSING_SECONDS)
    with suppress(asyncio.CancelledError, Exception):
        task.result()
