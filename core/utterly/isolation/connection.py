"""Messages through a pipe, each after its length."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, Any, Generic, TypeVar

import msgspec

from utterly.isolation.messages import Message
from utterly.secret import Secret

LARGEST = 16 * 2**20
"""Bytes of a message; more is said only by somebody who has lost his mind."""

_LENGTH_BYTES = 4

Received = TypeVar("Received")


class GarbledError(Exception):
    """What came is no message."""


class Connection(Generic[Received]):
    """Two ends of pipes; any thread may send, one receives.

    Args:
        reader: What the other one says.
        writer: What the other one hears.
        kinds: The messages that may come, as a union.
    """

    def __init__(self, reader: IO[bytes], writer: IO[bytes], kinds: Any) -> None:
        self._reader = reader
        self._writer = writer
        self._sending = Lock()
        self._decoder = msgspec.msgpack.Decoder(kinds)

    def send(self, message: Message) -> None:
        """Say something; returns once it is on its way.

        Raises:
            OSError: Nobody is there to hear it.
            TypeError: It has a value that has no form here.
        """
        encoded = encode(message)
        with self._sending:
            if self._writer.closed:
                raise BrokenPipeError
            self._writer.write(len(encoded).to_bytes(_LENGTH_BYTES, "big") + encoded)
            self._writer.flush()

    def receive(self) -> Received | None:
        """Wait for the next message; `None` when there will be no more.

        Raises:
            GarbledError: It is none of those that may come.
        """
        length = int.from_bytes(self._reader.read(_LENGTH_BYTES), "big")
        if length > LARGEST:
            raise GarbledError(f"a message of {length} bytes")
        encoded = self._reader.read(length)
        if not length or len(encoded) < length:
            return None
        try:
            message: Received = self._decoder.decode(encoded)
        except msgspec.MsgspecError as error:
            raise GarbledError(str(error)) from error
        return message

    def close(self) -> None:
        """Close both ends, whatever is left in them; the other side has closed its own."""
        with self._sending:
            self._close()

    def abandon(self) -> None:
        """Let go of the pipes in the child of a fork, and touch nothing else of them.

        A thread of the parent's may have held their locks, which nobody gives back here. So they
        lead to nowhere from now on, and are kept for good.
        """
        nowhere = os.open(os.devnull, os.O_RDWR)
        for end in (self._reader, self._writer):
            with suppress(ValueError):  # closed already
                os.dup2(nowhere, end.fileno(), inheritable=False)
        os.close(nowhere)
        _abandoned.append(self)

    def _close(self) -> None:
        for end in (self._writer, self._reader):
            try:
                end.close()
            except OSError:  # what was not sent can be sent no more
                continue


def encode(value: Any) -> bytes:
    """A message, or any value that may be in one, as bytes.

    Raises:
        TypeError: It has no form here.
    """
    return _encoder.encode(value)


def _encode_own(value: Any) -> Any:
    """Settings that a caller gave as values, in the form that a file would have them in."""
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"{type(value).__name__} cannot be sent to another process")


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_own)
_abandoned: list[Connection[Any]] = []
