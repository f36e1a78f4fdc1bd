"""Serving the studio over HTTP."""

from __future__ import annotations

import ipaddress
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvicorn

from utterly.errors import OutputError
from utterly.studio.app import make_app
from utterly.studio.studio import Studio, StudioOptions

USUAL_PORT = 8850
WIND_UP_SECONDS = 3


def is_loopback(host: str) -> bool:
    """Whether an address to listen at can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_socket(host: str, port: int | None = None) -> socket.socket:
    """Listen at an address.

    Args:
        host: Name or address.
        port: `None` for the usual one, or any other where that is taken.

    Raises:
        OutputError: It cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, USUAL_PORT if port is None else port), family=family)
    except OSError as error:
        if port is None:
            return open_socket(host, 0)
        raise OutputError(
            f"cannot listen at {host}, port {port} ({error.strerror or error}): choose another"
            " with --host or --port"
        ) from error


class StudioServer(uvicorn.Server):
    """Serves one studio; to be ended with `should_exit`, or by Ctrl-C.

    Args:
        studio: It.
        password: What visitors have to know; empty for nothing.
    """

    def __init__(self, studio: Studio, password: str) -> None:
        super().__init__(
            uvicorn.Config(
                make_app(studio, password),
                access_log=False,
                lifespan="off",
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=WIND_UP_SECONDS,
                ws="none",
            )
        )
        self._studio = studio

    def handle_exit(self, sig: int, frame: object) -> None:  # noqa: ARG002  # the names are uvicorn's
        """End at a signal, as is usual: uvicorn's own would be an interruption afterwards."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send the visitors home first: their pages would keep the server waiting."""
        await self._studio.close()
        await super().shutdown(sockets)


async def serve(
    options: StudioOptions,
    listener: socket.socket,
    *,
    password: str = "",
    on_start: Callable[[StudioServer], object] = lambda _server: None,
) -> None:
    """Serve a studio until it is told to end.

    Args:
        options: How it is run.
        listener: Where it listens.
        password: What visitors have to know; empty for nothing, and then it answers to this
            machine only.
        on_start: Told the server just before it starts.

    Raises:
        InvalidRequestError: An option that cannot be right.
    """
    with tempfile.TemporaryDirectory(prefix="utterly-", ignore_cleanup_errors=True) as folder:
        studio = Studio(options, Path(folder))
        studio.check()
        server = StudioServer(studio, password)
        on_start(server)
        await server.serve([listener])
