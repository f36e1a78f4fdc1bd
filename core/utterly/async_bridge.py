"""From an event loop to work on a thread of ours, and back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from utterly.cancellation import Cancellation
from utterly.engine.threads import threads

Result = TypeVar("Result")

WIND_UP_SECONDS = 2.0
"""How long a task that is cancelled waits for its work to stop."""


async def run_in_thread(work: Callable[[Cancellation], Result]) -> Result:
    """Run blocking work on a daemon thread; cancelling the task cancels the work.

    Args:
        work: Given the cancellation that it should heed.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()
    cancellation = Cancellation()

    def run() -> None:
        try:
            result = work(cancellation)
        except BaseException as error:  # noqa: BLE001  # raised again where it is awaited
            call_on_loop(loop, outcome.set_exception, error)
        else:
            call_on_loop(loop, outcome.set_result, result)

    threads.start(run)
    try:
        return await asyncio.shield(outcome)
    except asyncio.CancelledError:
        cancellation.set()
        await asyncio.wait([outcome], timeout=WIND_UP_SECONDS)
        if outcome.done():
            outcome.exception()  # looked at: nobody else will
        raise


def call_on_loop(
    loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object
) -> None:
    """Call a function on a loop's own thread; nobody is left to be told once it is closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *arguments)
