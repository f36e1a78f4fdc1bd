"""A tripwire: no wait on a connection may be without an end, and no connection may be left open.

An event loop that goes to sleep while a task has a connection and no timer is set, waits for as
long as the other side likes. Nothing of that is seen in a test in which the other side answers,
unless somebody looks whenever a loop goes to sleep. (`conftest.py` has the other tripwire, for
connections beyond this machine.)
"""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket
from threading import Lock
from typing import Any
from weakref import WeakSet

import pytest

from utterly import Policy

LONGEST_WAIT = Policy().attempt_seconds
"""Seconds. Core gives an attempt up after them, so a longer wait is none with an end."""


class Connections:
    """The connections that were opened while it watched.

    Attributes:
        waits: How often a loop has gone to sleep with a task and a connection.
        endless_waits: For each wait without an end, the tasks of its loop.
    """

    def __init__(self) -> None:
        self.waits = 0
        self.endless_waits: list[str] = []
        self._sockets: WeakSet[socket] = WeakSet()
        self._lock = Lock()

    @property
    def open(self) -> list[socket]:
        """Those that are not closed yet."""
        with self._lock:
            return [opened for opened in self._sockets if opened.fileno() >= 0]

    def add(self, opened: socket) -> None:
        """Watch a connection."""
        with self._lock:
            self._sockets.add(opened)

    def look_at_wait(self, selector: Any, seconds: float | None) -> None:
        """Count a wait of a loop's, and note one that does not end by itself."""
        loop: Any = asyncio._get_running_loop()  # noqa: SLF001  # it may be none
        if loop is None or loop._selector is not selector:  # noqa: SLF001  # nothing else tells
            return
        tasks = asyncio.all_tasks(loop)
        waited_for: Any = selector.get_map()
        if not tasks or not any(opened.fileno() in waited_for for opened in self.open):
            return
        self.waits += seconds != 0
        if seconds is None or seconds > LONGEST_WAIT:
            self.endless_waits.append(", ".join(sorted(map(_name, tasks))))


def _name(task: asyncio.Task[Any]) -> str:
    coroutine: Any = task.get_coro()
    return str(coroutine.__qualname__)


_watching: list[Connections] = []


@contextmanager
def watch_connections() -> Iterator[Connections]:
    """Watch for the length of the block."""
    connections = Connections()
    select = selectors.DefaultSelector.select

    def watched(selector: Any, timeout: float | None = None) -> Any:
        connections.look_at_wait(selector, timeout)
        return select(selector, timeout)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selectors.DefaultSelector, "select", watched)
        _watching.append(connections)
        try:
            yield connections
        finally:
            _watching.remove(connections)


def _note_connection(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[0], socket):
        for connections in tuple(_watching):
            connections.add(arguments[0])


# A hook of the interpreter, since it also sees what is done without Python's socket class.
sys.addaudithook(_note_connection)
