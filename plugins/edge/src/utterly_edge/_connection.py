"""Connections that are ours to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp


class Connector(aiohttp.TCPConnector):
    """Outlives the sessions of the library, which opens a second one after a refusal."""

    def __init__(self) -> None:
        super().__init__(force_close=True)
        self._opened: list[asyncio.Transport] = []

    async def connect(self, *arguments: Any, **options: Any) -> Any:
        """Connect, and remember it."""
        connection = await super().connect(*arguments, **options)
        if connection.transport is not None:
            self._opened.append(connection.transport)
        return connection

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Do nothing when a session ends."""

    async def end(self) -> None:
        """Cut what is open: TLS would wait for the other side, which may be silent for ever."""
        for transport in self._opened:
            transport.abort()
        await asyncio.sleep(0)  # its socket is closed in the loop's next round
        await super().close()


@asynccontextmanager
async def connector() -> AsyncGenerator[Connector]:
    """A connector for the length of the block."""
    connector = Connector()
    try:
        yield connector
    finally:
        await connector.end()
