"""Subtitle files, by suffix, whole or absent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from utterly.errors import OutputError
from utterly.subtitles.formats import to_srt, to_vtt

if TYPE_CHECKING:
    from utterly.speech import SpokenSegment

SUBTITLE_FORMATS: Mapping[str, Callable[[Iterable[SpokenSegment]], str]] = MappingProxyType(
    {".srt": to_srt, ".vtt": to_vtt}
)
"""What writes subtitles, by the suffix of the file."""


def check_subtitles(path: str | os.PathLike[str]) -> Path:
    """Refuse, before anything is spoken, a path that could not be written in the end.

    Raises:
        OutputError: The suffix is not known, or the folder is missing or not writable.
    """
    target = Path(path)
    if target.suffix.lower() not in SUBTITLE_FORMATS:
        suffixes = " or ".join(SUBTITLE_FORMATS)
        raise OutputError(f"cannot write {target.name!r}: choose a name that ends in {suffixes}")
    if target.is_dir():
        raise OutputError(f"cannot write {str(target)!r}: it is a folder; choose another name")
    if not target.parent.is_dir():
        folder = str(target.parent)
        raise OutputError(f"cannot write {str(target)!r}: create the folder {folder!r} first")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(
            f"cannot write {str(target)!r}: its folder is read-only; choose another one"
        )
    return target


def write_subtitles(path: str | os.PathLike[str], segments: Iterable[SpokenSegment]) -> None:
    """Write a file of subtitles that is whole or absent.

    Args:
        path: Ends in `.srt` or `.vtt`; the file is UTF-8.
        segments: In the order they are heard.

    Raises:
        OutputError: The suffix is not known, or the file cannot be written.
    """
    target = check_subtitles(path)
    write_text_atomically(target, SUBTITLE_FORMATS[target.suffix.lower()](segments))


def write_text_atomically(target: Path, text: str) -> None:
    r"""Write a file of UTF-8 text that is whole or absent; lines end in `\n` on every system.

    Raises:
        OutputError: It cannot be written; a file that was there is as it was.
    """
    from tempfile import NamedTemporaryFile

    try:
        with NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.stem}-", suffix=target.suffix, delete=False
        ) as file:
            temporary = Path(file.name)
            try:
                file.write(text.encode("utf-8"))
                file.close()
                temporary.chmod(0o666 & ~_umask())
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(
            f"cannot write {str(target)!r}: {reason}; make room or choose another name"
        ) from error


def _umask() -> int:
    """The process's file-creation mask, which the operating system only tells by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
