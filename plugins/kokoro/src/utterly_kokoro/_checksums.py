"""What the model's files should be: their SHA-256, and those that were computed before."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile

import platformdirs

from utterly import EngineUnavailableError

_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
_BLOCK = 1 << 20


def expected_checksums(path: Path | None) -> Mapping[str, str]:
    """Read what the files should be, by their path within the model's folder.

    Args:
        path: A file as `sha256sum` writes it; `None` for hexgrad's files, as published.

    Raises:
        EngineUnavailableError: It cannot be read, or is no such file.
    """
    try:
        text = (path or files(__package__) / "SHA256SUMS").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineUnavailableError(
            f"the file of the setting checksums cannot be read ({type(error).__name__})",
            mend="let it name a file as sha256sum writes it, or leave it out",
        ) from error
    matches = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
    found = {match[2]: match[1].lower() for match in matches if match}
    if len(found) != len(matches) or not found:
        raise EngineUnavailableError(
            f"{str(path)!r} is not a file as sha256sum writes it",
            mend="write it with `sha256sum config.json kokoro-v1_0.pth voices/*.pt`",
        )
    return found


def compute_checksum(path: Path, on_progress: Callable[[int], None]) -> str:
    """Compute the SHA-256 of a file.

    Args:
        path: The file.
        on_progress: Told the bytes of each block that was read.

    Raises:
        OSError: It cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            on_progress(len(block))
    return digest.hexdigest()


class KnownChecksums:
    """Checksums that were computed before, trusted while size and time of the file are the same.

    It is kept in the user's cache; whoever can write there can replace this program too.
    """

    def __init__(self) -> None:
        folder = platformdirs.user_cache_path("utterly", appauthor=False)
        self._path = folder / "kokoro-checksums.json"
        self._known = self._read()
        self._changed = False

    def get(self, path: Path) -> str | None:
        """The checksum of a file that has not changed since; `None` where it is not known."""
        size, changed, checksum = self._known.get(str(path.absolute()), (0, 0, ""))
        return checksum if checksum and (size, changed) == stamp(path) else None

    def put(self, path: Path, stamp: tuple[int, int], checksum: str) -> None:
        """Remember a checksum.

        Args:
            path: The file.
            stamp: Its `stamp` from before it was read.
            checksum: In hexadecimal digits.
        """
        self._known[str(path.absolute())] = (*stamp, checksum)
        self._changed = True

    def save(self) -> None:
        """Keep what is new; where that fails, the files are read again next time."""
        if not self._changed:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(
                "w", encoding="utf-8", dir=self._path.parent, delete=False
            ) as file:
                json.dump(self._known, file)
            os.replace(file.name, self._path)  # noqa: PTH105  # the same, with a name for a path
        except OSError:
            pass

    def _read(self) -> dict[str, tuple[int, int, str]]:
        try:
            known = json.loads(self._path.read_text("utf-8"))
            return {
                str(path): (int(size), int(changed), str(checksum))
                for path, (size, changed, checksum) in known.items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def stamp(path: Path) -> tuple[int, int]:
    """What changes with a file's content: its size in bytes, and its time in nanoseconds.

    Raises:
        OSError: It is not there.
    """
    status = path.stat()
    return status.st_size, status.st_mtime_ns
