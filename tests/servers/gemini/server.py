"""The server: its socket, what it was asked, and what it is to do wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Lock, Thread
from typing import Any, Self

from tests.servers.gemini.answers import API_KEY, Shape, error, error_info
from tests.servers.gemini.exchange import Exchange
from tests.servers.gemini.faults import FAULTS, STREAM_FAULTS
from tests.servers.gemini.request import Received, read_request

MODELS = (
    "gemini-3.8-flash-tts",
    "gemini-3.8-flash-lite-tts",
    "gemini-3.1-flash-tts-preview",
)
_SAMPLING = ("temperature", "top_p", "top_k")


@dataclass(slots=True)
class _Switch:
    """A fault that is on.

    Attributes:
        name: Which.
        text: Only for this text; for any where `None`.
        times: How often still, `None` for always.
    """

    name: str
    text: str | None
    times: int | None


class GeminiServer:
    """Speaks on `127.0.0.1` until it is closed.

    Attributes:
        requests: What it was asked, in order.
        shape: Of unary answers; the older models send PCM whatever it is.
        key: The one that it takes.
    """

    def __init__(self, *, port: int = 0, shape: Shape = "wav", key: str = API_KEY) -> None:
        self.requests: list[Received] = []
        self.shape = shape
        self.key = key
        self._switches: list[_Switch] = []
        self._lock = Lock()
        self._busy = 0
        self._idle = Condition()
        self._released = Event()
        self._http = _Http(("127.0.0.1", port), self._answer)
        Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._http.server_port

    @property
    def url(self) -> str:
        """The address of it."""
        return f"http://127.0.0.1:{self.port}"

    def fail(self, fault: str, *, text: str | None = None, times: int | None = None) -> None:
        """Turn a fault on.

        Args:
            fault: Its name, in `FAULTS` or `STREAM_FAULTS`.
            text: Only for this text.
            times: How often.

        Raises:
            KeyError: There is no such fault.
        """
        _fault(fault)
        with self._lock:
            self._switches.append(_Switch(fault, text, times))

    def recover(self) -> None:
        """Turn every fault off, and end what hangs."""
        with self._lock:
            self._switches.clear()
        self._released.set()
        self._released = Event()

    def wait_until_idle(self, seconds: float = 10.0) -> bool:
        """Wait until every request has been answered or given up by its client."""
        with self._idle:
            return self._idle.wait_for(lambda: self._busy == 0, seconds)

    def close(self) -> None:
        """End every connection."""
        self._released.set()
        self._http.shutdown()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = read_request(handler.path, headers, body)
        if request is None:
            handler.send_error(404)
            return
        with self._lock:
            self.requests.append(request)
            fault = self._strike(request.text)
        is_new = request.model.startswith("gemini-3.8")
        other_origin = f"http://localhost:{self.port}"
        shape: Shape = self.shape if is_new else "pcm"
        exchange = Exchange(request, handler, shape, other_origin, self._released)
        with self._at_work(), suppress(ConnectionError):
            if fault is not None:
                _fault(fault)(exchange)
            elif refusal := self._refusal(request):
                exchange.send_json(refusal["error"]["code"], refusal)
            else:
                exchange.speak()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        with self._idle:
            self._busy += 1
        try:
            yield
        finally:
            with self._idle:
                self._busy -= 1
                self._idle.notify_all()

    def _strike(self, text: str) -> str | None:
        for switch in self._switches:
            if switch.text in (None, text) and switch.times != 0:
                switch.times = None if switch.times is None else switch.times - 1
                return switch.name
        return None

    def _refusal(self, request: Received) -> dict[str, Any] | None:
        """What the API says to a request that is wrong by itself."""
        if not request.key:
            return error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        if request.key != self.key:
            info = error_info("API_KEY_INVALID")
            return error(400, "INVALID_ARGUMENT", "API key not valid.", info)
        if request.model not in MODELS:
            return error(404, "NOT_FOUND", f"models/{request.model} is not found.")
        if request.config.get("response_modalities") != ["AUDIO"] or not request.text:
            return error(400, "INVALID_ARGUMENT", "It is to speak, and needs text.")
        if request.model.startswith("gemini-3.8") and any(map(request.config.get, _SAMPLING)):
            return error(400, "INVALID_ARGUMENT", "Sampling parameters are not supported.")
        return None


def _fault(name: str) -> Callable[[Exchange], None]:
    return (FAULTS | STREAM_FAULTS)[name]


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, address: tuple[str, int], answer: Callable[[BaseHTTPRequestHandler, bytes], None]
    ) -> None:
        self.answer = answer
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that leave are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_POST(self) -> None:
        """Read the whole request, and let the server answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.answer(self, body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Print nothing."""
