"""Whether a file is what it should be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

_BLOCK = 1 << 20
_POINTER = b"version https://git-lfs.github.com/spec/"


def sha256_of(path: Path, tick: Callable[[], object]) -> str:
    """SHA-256 of a file, as 64 digits; `tick` is called now and then, and may raise."""
    return _digest(hashlib.sha256(), path, tick)


def matches(path: Path, checksum: str, tick: Callable[[], object]) -> bool:
    """Whether a file has a checksum: SHA-256, or git's own where it has 40 digits.

    Git names a blob by the SHA-1 of `blob`, its size and its content:
    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.
    """
    if len(checksum) == 64:
        return sha256_of(path, tick) == checksum
    header = f"blob {path.stat().st_size}\0".encode()
    git = hashlib.sha1(header, usedforsecurity=False)
    return _digest(git, path, tick) == checksum


def is_pointer(path: Path) -> bool:
    """Whether it is what git leaves in place of a large file that it did not fetch."""
    with path.open("rb") as file:
        return file.read(len(_POINTER)) == _POINTER


def _digest(digest: hashlib._Hash, path: Path, tick: Callable[[], object]) -> str:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            tick()
            digest.update(block)
    return digest.hexdigest()
