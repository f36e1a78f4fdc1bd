"""Subtitle files, by suffix, whole or absent."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from utterly.errors import OutputError
from utterly.output_path import check_folder, errors_told, make_temporary, move_into_place
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
    if Path(path).suffix.lower() not in SUBTITLE_FORMATS:
        suffixes = " or ".join(SUBTITLE_FORMATS)
        raise OutputError(
            f"cannot write {Path(path).name!r}: choose a name that ends in {suffixes}"
        )
    return check_folder(path)


def write_subtitles(path: str | os.PathLike[str], segments: Iterable[SpokenSegment]) -> Path:
    """Write a file of subtitles that is whole or absent.

    Args:
        path: Ends in `.srt` or `.vtt`; the file is UTF-8, its lines end in a line feed alone.
        segments: In the order they are heard.

    Returns:
        The file.

    Raises:
        OutputError: The suffix is not known, or the file cannot be written; one that was there is
            as it was.
    """
    target = check_subtitles(path)
    text = SUBTITLE_FORMATS[target.suffix.lower()](segments)
    temporary = make_temporary(target)
    try:
        with errors_told(target):
            temporary.write_bytes(text.encode("utf-8"))
        move_into_place(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return target
