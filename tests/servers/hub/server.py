"""The two origins, and their faults."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self, TypeAlias
from urllib.parse import unquote, urlsplit

from tests.servers.hub.content import Content

Fault: TypeAlias = Literal[
    "cut-at-half",
    "reset-at-half",
    "cut-always",
    "status-401",
    "status-403",
    "gated",
    "status-404",
    "no-revision",
    "no-file",
    "status-429",
    "status-500",
    "status-503",
    "wrong-bytes",
    "wrong-bytes-once",
    "short-body",
    "long-body",
    "hang-at-head",
    "hang-at-get",
    "hang-at-half",
    "html",
    "html-at-get",
    "slow",
    "no-ranges",
]
_STATUS = {
    "status-401": (401, ""),
    "status-403": (403, ""),
    "gated": (403, "GatedRepo"),
    "status-404": (404, "RepoNotFound"),
    "no-revision": (404, "RevisionNotFound"),
    "no-file": (404, "EntryNotFound"),
    "status-429": (429, ""),
    "status-500": (500, ""),
    "status-503": (503, ""),
}
_PIECE = 1 << 14
_SLOW_SECONDS = 0.02


class Hub:
    """A hub, running while it is a context.

    Args:
        content: What it has.
        faults: How it fails; `faults` may be changed at any time.
        port: Where it listens; 0 lets the system choose.
        others: More repositories, whose files have other names.

    Attributes:
        requests: How many of each method came, such as `"HEAD"`, `"GET"`, and `"CDN"`.
        bytes_sent: How many bytes of each file were sent.
        authorized: Requests with a token, by origin: `"hub"` and `"cdn"`.
    """

    def __init__(
        self,
        content: Content,
        faults: Iterable[Fault] = (),
        port: int = 0,
        others: Iterable[Content] = (),
    ) -> None:
        self.contents = (content, *others)
        self.faults: set[str] = set(faults)
        self.requests: Counter[str] = Counter()
        self.bytes_sent: Counter[str] = Counter()
        self.authorized: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.piece_sent = threading.Event()
        self._servers = [_Server(self, "hub", port), _Server(self, "cdn", 0)]
        self.url = f"http://127.0.0.1:{self._servers[0].server_port}"
        self.cdn_url = f"http://localhost:{self._servers[1].server_port}"

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.closing.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def take(self, fault: Fault) -> bool:
        """Whether a fault is to happen; it will not happen again."""
        with self.lock:
            happens = fault in self.faults
            self.faults.discard(fault)
            return happens

    def count(self, name: str, size: int) -> None:
        """Note bytes that were sent."""
        with self.lock:
            self.bytes_sent[name] += size
        self.piece_sent.set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, hub: Hub, origin: str, port: int) -> None:
        self.hub = hub
        self.origin = origin
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_details: Any) -> None:
        """Say nothing of clients that go away: that is what they are tested for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_details: Any) -> None:
        """Be quiet."""

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def do_GET(self) -> None:
        self._answer(has_body=True)

    @property
    def hub(self) -> Hub:
        return self.server.hub

    def _answer(self, *, has_body: bool) -> None:
        with self.hub.lock:
            self.hub.requests["CDN" if self.server.origin == "cdn" else self.command] += 1
            self.hub.authorized[self.server.origin] += "Authorization" in self.headers
        if ("hang-at-get" if has_body else "hang-at-head") in self.hub.faults:
            self._hang()
        elif "html" in self.hub.faults or (has_body and "html-at-get" in self.hub.faults):
            self._send(200, b"<html>Log in to this network</html>", {"Content-Type": "text/html"})
        elif failing := [_STATUS[each] for each in self.hub.faults if each in _STATUS]:
            self._refuse(*failing[0])
        else:
            self._route(unquote(urlsplit(self.path).path))

    def _route(self, path: str) -> None:
        for content in self.hub.contents:
            kind, found, name = path.strip("/").partition(f"{content.repository}/")
            if found:
                self._serve(content, kind, name)
                return
        self._refuse(404, "RepoNotFound")

    def _serve(self, content: Content, kind: str, name: str) -> None:
        if self.server.origin == "cdn" and name in content.files:
            self._send_file(content, name, {"ETag": f'"{content.etag(name)}"'})
        elif kind == "api/models/":
            self._describe_repository(content, name)
        elif kind or not name:
            self._refuse(404, "RepoNotFound")
        elif not name.startswith(f"resolve/{content.commit}/"):
            self._refuse(404, "RevisionNotFound")
        elif (name := name.removeprefix(f"resolve/{content.commit}/")) not in content.files:
            self._refuse(404, "EntryNotFound")
        else:
            self._resolve(content, name)

    def _resolve(self, content: Content, name: str) -> None:
        headers = {"X-Repo-Commit": content.commit}
        if not content.is_large(name):
            self._send_file(content, name, {**headers, "ETag": f'"{content.etag(name)}"'})
            return
        headers["X-Linked-Etag"] = f'"{content.etag(name)}"'
        headers["X-Linked-Size"] = str(len(content.files[name]))
        address = f"{self.hub.cdn_url}/{content.repository}/{name}"
        self._send(302, b"", {**headers, "Location": address})

    def _describe_repository(self, content: Content, name: str) -> None:
        if name.startswith("tree/"):
            entries = [_describe_file(content, each) for each in content.files]
            self._send_json(entries)
        else:
            siblings = [{"rfilename": each} for each in content.files]
            facts = {"id": content.repository, "sha": content.commit, "siblings": siblings}
            self._send_json({**facts, "private": False, "tags": [], "downloads": 0, "likes": 0})

    def _send_json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"", {"X-Error-Code": code} if code else {})

    def _send_file(self, content: Content, name: str, headers: dict[str, str]) -> None:
        data = content.files[name]
        start = 0
        if "no-ranges" not in self.hub.faults:
            start = int(self.headers.get("Range", "bytes=0-")[6:].partition("-")[0])
        if start >= len(data) > 0:
            self._send(416, b"", {})
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self._send(206 if start else 200, data[start:], headers, name)

    def _send(
        self, status: int, body: bytes, headers: dict[str, str], name: str | None = None
    ) -> None:
        is_whole_body = self.command == "GET"
        if name is not None and is_whole_body:
            body = self._spoil(body)
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        if is_whole_body and name is not None:
            self._send_pieces(name, body)
        elif is_whole_body:
            self.wfile.write(body)

    def _spoil(self, body: bytes) -> bytes:
        if "wrong-bytes" in self.hub.faults or self.hub.take("wrong-bytes-once"):
            return bytes(len(body))
        if "short-body" in self.hub.faults:
            return body[:-1]
        return body + b"x" if "long-body" in self.hub.faults else body

    def _send_pieces(self, name: str, body: bytes) -> None:
        half = len(body) // 2
        for start in range(0, len(body), _PIECE):
            if start >= half and self._fail_at_half():
                return
            if "slow" in self.hub.faults and self.hub.closing.wait(_SLOW_SECONDS):
                return
            piece = body[start : start + _PIECE]
            self.wfile.write(piece)
            self.hub.count(name, len(piece))

    def _fail_at_half(self) -> bool:
        if "hang-at-half" in self.hub.faults:
            self._hang()
            return True
        if self.hub.take("reset-at-half"):
            # Closing with a linger time of nothing sends RST.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._cut()
            return True
        if "cut-always" in self.hub.faults or self.hub.take("cut-at-half"):
            self._cut()
            return True
        return False

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_WR)

    def _hang(self) -> None:
        self.hub.closing.wait()
        self.close_connection = True


def _describe_file(content: Content, name: str) -> dict[str, Any]:
    size, etag = len(content.files[name]), content.etag(name)
    entry: dict[str, Any] = {"type": "file", "path": name, "size": size, "oid": etag[:40]}
    if content.is_large(name):
        entry["lfs"] = {"oid": etag, "size": size, "pointerSize": 134}
    return entry
