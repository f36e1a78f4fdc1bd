"""Addresses at which a client waits for ever unless it gives up by itself."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import Any

import pytest

_QUEUE = 4
"""Connections that fill the shortest queue of any system's."""


@contextmanager
def silent() -> Iterator[str]:
    """Somebody takes connections and says nothing.

    Yields:
        `host:port`, as all of these.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def unreachable() -> Iterator[str]:
    """Nobody even takes a connection, as behind a firewall."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        address = listener.getsockname()
        for _ in range(_QUEUE):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield f"127.0.0.1:{address[1]}"


@contextmanager
def unfindable() -> Iterator[str]:
    """The name is looked up without an end."""
    found = Event()
    real = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in ("speech.invalid", b"speech.invalid"):
            found.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return real(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        try:
            yield "speech.invalid:443"
        finally:
            found.set()


NOBODY = {"silent": silent, "unreachable": unreachable, "unfindable": unfindable}
"""By name."""
