"""Messages through a pipe: as they were sent, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from utterly.audio import Word
from utterly.isolation.connection import LARGEST, Connection, GarbledError
from utterly.isolation.messages import Begin, FromEngine, Message, Piece, Progress, ToEngine
from utterly.request import Source, SpeechRequest
from utterly.secret import Secret


@pytest.fixture
def pipe() -> Iterator[tuple[Connection[Any], Any]]:
    """A connection to itself, and the end to write to."""
    reader, writer = (
        os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True)
    )
    connection: Connection[Any] = Connection(reader, writer, ToEngine | FromEngine)
    yield connection, writer
    connection.close()


@pytest.mark.parametrize(
    "message",
    [
        Progress(1, 0.5, None, "näher"),
        Piece(2, 0, 7, 24_000, (Word("one", 0.0, 0.5),), is_last=True),
        Begin(3, "synthesize", True, False, 1.5, SpeechRequest("Text.", Source("Text.", 0, 5))),
    ],
    ids=lambda message: type(message).__name__,
)
def test_message_arrives_as_it_was_sent(
    pipe: tuple[Connection[Any], Any], message: Message
) -> None:
    """Values of ours are values of ours on the other side."""
    pipe[0].send(message)

    assert message == pipe[0].receive()


def test_settings_arrive_as_a_file_has_them(pipe: tuple[Connection[Any], Any]) -> None:
    """Paths and secrets that a caller gave as values are read again on the other side."""
    request = SpeechRequest("x", options={"folder": Path("a"), "key": Secret("sesame")})
    pipe[0].send(Begin(1, "synthesize", False, False, None, request))

    received = pipe[0].receive()

    assert isinstance(received, Begin)
    assert received.request is not None
    assert {"folder": "a", "key": "sesame"} == received.request.options


def test_what_has_no_form_is_refused_where_it_is_sent(pipe: tuple[Connection[Any], Any]) -> None:
    """Nothing of an object is guessed at."""
    request = SpeechRequest("x", options={"thing": object()})

    with pytest.raises(TypeError, match="object cannot be sent"):
        pipe[0].send(Begin(1, "synthesize", False, False, None, request))


@pytest.mark.parametrize(
    "sent",
    [b"\0\0\0\1\xc1", b"\0\0\0\2\x91\xa1", (LARGEST + 1).to_bytes(4, "big")],
    ids=["no message", "half a message", "too long"],
)
def test_what_is_no_message_is_garbled(pipe: tuple[Connection[Any], Any], sent: bytes) -> None:
    """A process that has lost its mind is told from one that has ended."""
    pipe[1].write(sent)
    pipe[1].flush()

    with pytest.raises(GarbledError):
        pipe[0].receive()


@pytest.mark.parametrize("sent", [b"", b"\0\0", b"\0\0\0\7abc"], ids=["nothing", "length", "part"])
def test_end_of_the_pipe_is_the_end(pipe: tuple[Connection[Any], Any], sent: bytes) -> None:
    """Also in the middle of a message, as a kill leaves it."""
    pipe[1].write(sent)
    pipe[1].close()

    assert pipe[0].receive() is None
