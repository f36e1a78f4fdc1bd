"""Where a result is written: refused beforehand if it cannot be, and never seen half-written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

from utterly.errors import OutputError

PARTIAL = ".partial"
"""What the name of a file that is not all of it has before its suffix."""


def check_folder(path: str | os.PathLike[str], needed: int = 0) -> Path:
    """Refuse, before anything is spoken, a path that could not be written in the end.

    Args:
        path: Of the file to be.
        needed: About how many bytes it will have.

    Raises:
        OutputError: It is a folder, its folder is missing or read-only, or the disk is too full.
    """
    target = Path(path)
    with errors_told(target):
        if target.is_dir():
            raise OutputError(f"cannot write {str(target)!r}: it is a folder; choose another name")
        folder = target.parent
        if not folder.is_dir():
            raise OutputError(
                f"cannot write {str(target)!r}: create the folder {str(folder)!r} first"
            )
        if not os.access(folder, os.W_OK):
            raise OutputError(
                f"cannot write {str(target)!r}: its folder is read-only; choose another one"
            )
        free = shutil.disk_usage(folder).free
    if needed > free:
        raise OutputError(
            f"cannot write {str(target)!r}: it will take about {_megabytes(needed)}, and"
            f" {_megabytes(free)} are free; make room, or choose .mp3 or .opus"
        )
    return target


def partial_path(target: Path) -> Path:
    """The name that what was finished of a file is kept under."""
    return target.with_name(f"{target.stem}{PARTIAL}{target.suffix}")


def make_temporary(target: Path) -> Path:
    """Create an empty file beside another, of a name that nobody else writes to.

    Its name says that it is partial: it stays behind if the process is killed.

    Raises:
        OutputError: It cannot be created.
    """
    with errors_told(target):
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f"{target.stem}.", suffix=f"{PARTIAL}{target.suffix}"
        )
        os.close(handle)
        return Path(name)


def move_into_place(temporary: Path, target: Path) -> None:
    """Give a finished file its name, on the disk before it is seen under it.

    Raises:
        OutputError: It cannot be moved.
    """
    with errors_told(target):
        temporary.chmod(0o666 & ~_umask())
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)


@contextmanager
def errors_told(target: Path) -> Iterator[None]:
    """Tell errors of the operating system as one line about a file.

    Raises:
        OutputError: In place of any `OSError`.
    """
    try:
        yield
    except OSError as error:
        hint = "; make room, or choose another place" if error.errno == ENOSPC else ""
        raise OutputError(
            f"cannot write {str(target)!r}: {error.strerror or error}{hint}"
        ) from error


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"


def _umask() -> int:
    """The process's file-creation mask, which the operating system only tells by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
