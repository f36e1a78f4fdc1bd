"""The server: its thread, its certificate, its doors."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import time
from email.utils import formatdate
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Self

import trustme
from aiohttp import web
from edge_tts.drm import generate_sec_ms_gec_v2
from tests.servers.edge.faults import AT_HANDSHAKE, FAULTS, LIST_FAULTS
from tests.servers.edge.frames import Spoken, read_ssml, split_message, voices_document
from tests.servers.edge.turns import Turn, cut

SOME = [
    ("en-US-EmmaMultilingualNeural", "female"),
    ("en-GB-RyanNeural", "male"),
    ("de-DE-KatjaNeural", "female"),
    ("en-US-NewNeural", "female"),
]
"""What it lists where it has every voice; the last one no shipped list has."""

_BASE = "/consumer/speech/synthesize/readaloud"
_FOREVER = 3_600
_STEP = 300
"""Seconds for which a token is made."""

_OUTPUT = "audio-24khz-48kbitrate-mono-mp3"
_WORDS = '"wordBoundaryEnabled":"true"'


class EdgeServer:
    """Speaks the protocol over TLS, on a free port of this machine.

    Args:
        voices: Pairs of an id and a gender that it has, `None` for all that are asked for.
        clock: Seconds by which its clock is ahead.

    Attributes:
        port: Where it listens.
        spoken: What was asked for, in order.
        connections: How many handshakes there were.
        list_requests: How often the list of voices was asked for.
        go_on: Ends the fault `pause_mid_stream`.
        heard: Set when something was asked for.
    """

    def __init__(
        self, voices: list[tuple[str, str]] | None = None, *, port: int = 0, clock: float = 0.0
    ) -> None:
        self.port = port
        self.voices = voices
        self.clock = clock
        self.spoken: list[Spoken] = []
        self.connections = 0
        self.list_requests = 0
        self.go_on = Event()
        self.heard = Event()
        self._faults: list[list[Any]] = []
        self._lock = Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="edge-server-")
        self._loop = asyncio.new_event_loop()

    @property
    def certificate(self) -> Path:
        """File with the authority that vouches for it."""
        return Path(self._folder.name) / "authority.pem"

    def settings(self, **more: Any) -> dict[str, Any]:
        """Settings that lead the engine `edge` here."""
        file = Path(self._folder.name) / "voices.json"
        here = {
            "endpoint": f"127.0.0.1:{self.port}",
            "certificate": self.certificate,
            "voice_list": file,
        }
        return here | more

    def fail(self, fault: str, times: int | None = None) -> None:
        """Fail from now on, or the next `times` times."""
        if fault not in FAULTS and fault not in LIST_FAULTS:
            raise ValueError(f"no fault {fault!r}; there are {', '.join((*FAULTS, *LIST_FAULTS))}")
        with self._lock:
            self._faults.append([fault, times])

    def heal(self) -> None:
        """Fail no more."""
        with self._lock:
            self._faults.clear()
        self.go_on.set()

    def __enter__(self) -> Self:
        started = Event()
        self._thread = Thread(target=self._run, args=(started,), name="edge-server", daemon=True)
        self._thread.start()
        if not started.wait(20):
            raise TimeoutError("the server did not start")
        return self

    def __exit__(self, *_error: object) -> None:
        self.go_on.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._folder.cleanup()

    def _run(self, started: Event) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._start())
        started.set()
        self._loop.run_forever()
        for task in (tasks := asyncio.all_tasks(self._loop)):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(runner.cleanup())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _start(self) -> web.AppRunner:
        application = web.Application()
        application.router.add_get(f"{_BASE}/edge/v1", self._speak)
        application.router.add_get(f"{_BASE}/voices/list", self._list)
        runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port, ssl_context=self._tls())
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    def _tls(self) -> ssl.SSLContext:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.certificate))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        return context

    def _next_fault(self, names: Any) -> str:
        with self._lock:
            for entry in self._faults:
                if entry[0] in names and entry[1] != 0:
                    entry[1] = None if entry[1] is None else entry[1] - 1
                    return str(entry[0])
        return ""

    def _is_token_of_now(self, request: web.Request) -> bool:
        now = time.time() + self.clock
        valid = {generate_sec_ms_gec_v2(now + step) for step in (-_STEP, 0, _STEP)}
        return request.query.get("Sec-MS-GEC") in valid

    def _refused(self, date: str = "") -> web.Response:
        date = date or formatdate(time.time() + self.clock, usegmt=True)
        return web.Response(status=403, headers={"Date": date})

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        fault = self._next_fault(FAULTS)
        if fault in AT_HANDSHAKE:
            return await self._refuse_handshake(fault, request)
        if not self._is_token_of_now(request):
            return self._refused()
        socket = web.WebSocketResponse(timeout=0.1)
        await socket.prepare(request)
        _headers, configuration = split_message(await socket.receive_str())
        if _OUTPUT not in configuration:
            await socket.close(code=1007)
            return socket
        _headers, ssml = split_message(await socket.receive_str())
        try:
            spoken = read_ssml(ssml)
        except (KeyError, TypeError, ValueError):
            await socket.close(code=1007)
            return socket
        with self._lock:
            self.spoken.append(spoken)
        self.heard.set()
        if not self._has(spoken.voice):
            fault = "no_audio"
        try:
            await Turn(socket, request, fault, self.go_on, _WORDS in configuration).answer(spoken)
        except ConnectionError:
            return socket  # the client has gone
        # The service leaves it to the client to close.
        await socket.receive()
        return socket

    def _has(self, voice: str) -> bool:
        if self.voices is None:
            return True
        names = {name.rpartition("-")[::2] for name, _gender in self.voices}
        return any(voice.endswith(f"({locale}, {name})") for locale, name in names)

    async def _refuse_handshake(self, fault: str, request: web.Request) -> web.Response:
        if fault == "handshake_hang":
            await asyncio.sleep(_FOREVER)
        if fault == "reset_before_handshake":
            cut(request, reset=True)
        if fault == "web_page":
            return web.Response(text="<html>Log in</html>", content_type="text/html")
        if fault.startswith("forbidden"):
            return self._refused("yesterday" if fault.endswith("date") else "")
        status = {"too_many_requests": 429, "server_error": 500, "not_found": 404}
        return web.Response(status=status.get(fault, 500), headers={"Retry-After": "7"})

    async def _list(self, request: web.Request) -> web.Response:
        self.list_requests += 1
        match self._next_fault(LIST_FAULTS):
            case "list_error":
                return web.Response(status=500)
            case "list_page":
                return web.Response(text="<html>Log in</html>", content_type="text/html")
            case "list_empty":
                return web.json_response([])
            case "list_hang":
                await asyncio.sleep(_FOREVER)
        if not self._is_token_of_now(request):
            return self._refused()
        return web.json_response(voices_document(SOME if self.voices is None else self.voices))
