"""Standard streams: UTF-8 everywhere, and a reader that goes away is no disaster."""

from __future__ import annotations

import io
import os
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

import click

from utterly.errors import OutputError


def use_utf8() -> None:
    """Write UTF-8, whatever the platform's default; what cannot be shown is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def silence_output() -> None:
    """Send the rest of standard output nowhere, so that flushing it at exit raises nothing."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)


def write_bytes(data: bytes) -> None:
    """Write binary results to standard output, all of them, now."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def read_text(path: str) -> str:
    """Read text from a file, or from standard input for `-`.

    It is UTF-8, or UTF-16 with a byte order mark. Bad bytes are replaced, with a notice; line ends
    stay as they are.

    Raises:
        click.UsageError: It cannot be read.
    """
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {path!r}: {error.strerror or error}") from error
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = "standard input" if path == "-" else path
        notice = f"{name} is not {error.encoding.upper()} throughout; bad bytes were replaced"
        click.echo(f"utterly: {notice}", err=True)
        return data.decode(encoding, errors="replace")


def free_name(stem: str = "speech", suffix: str = ".wav") -> Path:
    """Find a name that no file has yet: `speech.wav`, then `speech-2.wav` and so on.

    Raises:
        OutputError: There are absurdly many.
    """
    for number in range(1, 100_000):
        path = Path(f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}")
        if not path.exists():
            return path
    raise OutputError(f"no free name {stem}-N{suffix} is left here: choose one with -o")
