"""One request and the ways to answer it, byte by byte."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from threading import Event

from tests.servers.gemini.answers import (
    PCM_TYPES,
    Answer,
    Shape,
    audio_part,
    candidate,
    speak,
    wav,
)
from tests.servers.gemini.request import Received

_PIECE = 9_600
"""Bytes of PCM in one event: a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request under way.

    Attributes:
        request: What was asked.
        handler: Has the connection.
        shape: Of a unary answer.
        other_origin: The server by another name.
        released: Ends a hang.
    """

    request: Received
    handler: BaseHTTPRequestHandler
    shape: Shape
    other_origin: str
    released: Event

    @property
    def path(self) -> str:
        """As it was asked for."""
        return self.handler.path

    def speak(self) -> None:
        """Answer as one should."""
        self.send_answers(self._right_answers())

    def send_answers(self, answers: Sequence[Answer]) -> None:
        """Answers as events; as one body, the parts of all, where none were asked for."""
        if not self.request.streaming:
            self.send_json(200, _merge(answers))
            return
        self._begin_events()
        for answer in answers:
            self.send_event(_event(answer))
        self.finish()

    def send_json(self, status: int, body: Answer, **headers: str) -> None:
        """A whole reply."""
        self.send(status, json.dumps(body).encode(), "application/json; charset=UTF-8", **headers)

    def send(self, status: int, body: bytes, content_type: str, **headers: str) -> None:
        """A whole reply of any kind."""
        self._send_headers(status, {"Content-Type": content_type, **headers}, len(body))
        self.handler.wfile.write(body)

    def send_beginning(self) -> None:
        """Half of a right reply; the connection stays open."""
        answers = self._right_answers()
        if self.request.streaming:
            self._begin_events()
            for answer in answers[: len(answers) // 2]:
                self.send_event(_event(answer))
            return
        body = json.dumps(_merge(answers)).encode()
        self._send_headers(200, {"Content-Type": "application/json"}, len(body))
        self.handler.wfile.write(body[: len(body) // 2])

    def send_event(self, event: bytes) -> None:
        """One piece of a chunked body."""
        self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))

    def finish(self) -> None:
        """End a chunked body properly."""
        self.handler.wfile.write(b"0\r\n\r\n")

    def hang(self) -> None:
        """Say nothing more, until the server is closed or the client is gone."""
        connection = self.handler.connection
        connection.settimeout(0.05)
        while not self.released.is_set():
            with suppress(TimeoutError):
                if not connection.recv(1):
                    break
        self.end()

    def end(self) -> None:
        """Close the connection."""
        self.handler.close_connection = True

    def reset(self) -> None:
        """Break the connection."""
        # A linger of no seconds makes the close an RST.
        linger = struct.pack("ii", 1, 0)
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.handler.connection.close()
        self.handler.close_connection = True

    def _right_answers(self) -> list[Answer]:
        pcm = speak(self.request.text)
        if not self.request.streaming:
            is_wav = self.shape == "wav"
            data, mime = (wav(pcm), "audio/wav") if is_wav else (pcm, PCM_TYPES[0])
            return [candidate([audio_part(data, mime)])]
        pieces = [pcm[start : start + _PIECE] for start in range(0, len(pcm), _PIECE)]
        audio = [candidate([audio_part(piece, PCM_TYPES[1])], None) for piece in pieces]
        return [*audio, candidate(None)]

    def _begin_events(self) -> None:
        self._send_headers(200, {"Content-Type": "text/event-stream"}, None)

    def _send_headers(self, status: int, headers: dict[str, str], length: int | None) -> None:
        self.handler.send_response(status)
        for name, value in headers.items():
            self.handler.send_header(name, value)
        if length is None:
            self.handler.send_header("Transfer-Encoding", "chunked")
        else:
            self.handler.send_header("Content-Length", str(length))
        self.handler.end_headers()


def _event(answer: Answer) -> bytes:
    return b"data: " + json.dumps(answer).encode() + b"\r\n\r\n"


def _merge(answers: Sequence[Answer]) -> Answer:
    """One answer that has the parts of all, and is otherwise the last."""
    if len(answers) == 1:
        return answers[0]
    found = [answer["candidates"][0] for answer in answers]
    parts = [part for one in found for part in one.get("content", {}).get("parts", [])]
    return candidate(parts or None, found[-1].get("finishReason"))
