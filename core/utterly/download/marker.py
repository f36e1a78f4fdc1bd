"""The ready marker: which files were verified, so that the next start reads none of them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Verified:
    """A file as it was when it was verified.

    Attributes:
        sha256: Of its content.
        size: In bytes.
        changed: When it was written, in nanoseconds since 1970.
    """

    sha256: str
    size: int
    changed: int

    @classmethod
    def describe(cls, path: Path, sha256: str) -> Verified:
        """What a file is now."""
        status = path.stat()
        return cls(sha256, status.st_size, status.st_mtime_ns)


def read_marker(path: Path) -> dict[str, Verified]:
    """What was verified, by name; nothing where the marker is missing or damaged."""
    with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
        files = json.loads(path.read_text("utf-8"))["files"]
        return {name: Verified(**entry) for name, entry in files.items()}
    return {}


def write_marker(path: Path, verified: Mapping[str, Verified]) -> None:
    """Write the marker at once or not at all.

    Raises:
        OSError: It cannot be written.
    """
    files = {name: asdict(entry) for name, entry in sorted(verified.items())}
    temporary = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"files": files}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
