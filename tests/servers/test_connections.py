"""The tripwire for waits without an end, tried out."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from threading import Timer

import pytest
from tests.faults.waiting import wait_until
from tests.servers.connections import LONGEST_WAIT, Connections, watch_connections


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Somebody who listens and says nothing of their own accord."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def _answer(listener: socket.socket) -> None:
    connection, _address = listener.accept()
    connection.sendall(b"\n")
    connection.close()


async def _read(listener: socket.socket, seconds: float | None, connections: Connections) -> None:
    """Read a line that is sent once the loop has gone to sleep."""

    def answer_late() -> None:
        wait_until(lambda: connections.waits > 0)
        _answer(listener)

    answer = asyncio.get_running_loop().run_in_executor(None, answer_late)
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await reader.readline()
    writer.close()
    await writer.wait_closed()
    await answer


def test_wait_without_a_deadline_is_noted(silent: socket.socket) -> None:
    """Although the other side answers."""
    with watch_connections() as connections:
        asyncio.run(_read(silent, None, connections))

    assert "_read" == connections.endless_waits[0]


@pytest.mark.parametrize(("seconds", "noted"), [(5.0, False), (2 * LONGEST_WAIT, True)])
def test_deadline_counts_where_it_is_soon_enough(
    silent: socket.socket, seconds: float, *, noted: bool
) -> None:
    """Hours are no deadline."""
    with watch_connections() as connections:
        asyncio.run(_read(silent, seconds, connections))

    assert noted == bool(connections.endless_waits)


def test_connection_that_nobody_waits_for_may_stay(silent: socket.socket) -> None:
    """It is kept for the next request, and closed in the end."""
    with watch_connections() as connections:
        loop = asyncio.new_event_loop()
        opening = asyncio.open_connection(*silent.getsockname())
        _reader, writer = loop.run_until_complete(asyncio.wait_for(opening, 5))
        kept = len(connections.open)
        Timer(0.01, loop.call_soon_threadsafe, (loop.stop,)).start()
        loop.run_forever()
        writer.close()
        loop.run_until_complete(asyncio.wait_for(writer.wait_closed(), 5))
        loop.close()

    assert (1, [], []) == (kept, connections.open, connections.endless_waits)
