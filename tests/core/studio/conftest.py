"""A studio on loopback, as `utterly studio` serves it, and people who visit it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from utterly.studio.server import StudioServer, open_socket, serve
from utterly.studio.studio import StudioOptions

OpenStudio = Callable[..., str]
Visit = Callable[..., httpx.Client]


@pytest.fixture
def open_studio() -> Iterator[OpenStudio]:
    """Open a studio for one test; its address."""
    with ExitStack() as stack:

        def open_one(*engines: str, password: str = "", **options: Any) -> str:
            listener = open_socket("127.0.0.1", 0)
            begun, servers = Event(), list[StudioServer]()

            def start(server: StudioServer) -> None:
                servers.append(server)
                begun.set()

            chosen = StudioOptions(engines=engines, **options)
            work = serve(chosen, listener, password=password, on_start=start)
            thread = Thread(target=lambda: asyncio.run(work))
            thread.start()

            def close() -> None:
                servers[0].should_exit = True
                thread.join(timeout=20)
                assert not thread.is_alive()

            assert begun.wait(timeout=20)
            stack.callback(close)
            return f"http://127.0.0.1:{listener.getsockname()[1]}"

        yield open_one


@pytest.fixture
def visit() -> Iterator[Visit]:
    """Come to a studio as somebody new, without a browser."""
    with ExitStack() as stack:

        def come(address: str) -> httpx.Client:
            client = httpx.Client(base_url=address, trust_env=False, timeout=20)
            stack.enter_context(client)
            client.get("/").raise_for_status()
            return client

        yield come
