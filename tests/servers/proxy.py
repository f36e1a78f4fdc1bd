"""An HTTP proxy on this machine, as companies have them."""

from __future__ import annotations

import socket
from threading import Event, Thread
from typing import Self

VARIABLES = [
    spelled
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "wss_proxy")
    for spelled in (name, name.upper())
]
"""Of the environment; the developer's stay out of tests."""


class Proxy:
    """Lets connections through (`CONNECT`), or answers as it is told.

    Args:
        answer: To every request.

    Attributes:
        asked: The first line of each request.
        frozen: When set, nothing is handed on any more, and no connection ends.
    """

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self.asked: list[bytes] = []
        self.frozen = Event()
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        """As clients are told of it."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += client.recv(1)
            self.asked.append(head.split(b"\r\n")[0])
            client.sendall(self._answer)
            if b"200" not in self._answer:
                client.close()
                continue
            host, _, port = head.split()[1].decode().partition(":")
            upstream = socket.create_connection((host, int(port)))
            for source, target in ((client, upstream), (upstream, client)):
                Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(4_096):
                if not self.frozen.is_set():
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return
        finally:
            source.close()
