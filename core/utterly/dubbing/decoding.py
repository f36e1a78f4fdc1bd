"""From the bytes of a subtitle file to its lines, whatever program wrote it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from utterly.dubbing.script import Repair
from utterly.errors import SubtitleError

_MARKS = {
    BOM_UTF8: "utf-8",
    BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    BOM_UTF32_BE: "utf-32",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}

_LEGACY = "cp1252"
"""What a file is read as that is not Unicode: Western Windows, as most of the old ones are."""

_LOOKED_AT = 4096
"""Bytes that tell UTF-16 without a mark: in ASCII, every second one is zero."""

_LINE_END = re.compile(r"\r*\n|\r")


def decode_lines(data: bytes, encoding: str | None = None) -> tuple[list[str], list[Repair]]:
    """Read the lines of a file.

    Args:
        data: The whole file.
        encoding: Its encoding, where somebody knows it; else it is found out.

    Returns:
        The lines without their ends and without byte order marks, and what had to be guessed.

    Raises:
        SubtitleError: There is no such encoding, or this is no text.
    """
    text, repairs = _decode(data, encoding) if encoding else _decode_unknown(data)
    if "\0" in text:
        raise SubtitleError("line 1: this is no text file")
    return _LINE_END.split(text.replace("\N{ZERO WIDTH NO-BREAK SPACE}", "")), repairs


def _decode(data: bytes, encoding: str) -> tuple[str, list[Repair]]:
    """Read in an encoding, and say what does not belong to it."""
    try:
        return data.decode(encoding), []
    except LookupError as error:
        raise SubtitleError(f"there is no encoding {encoding!r}; try utf-8 or cp1252") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        told = f"it is not {encoding.upper()} throughout; bad bytes were replaced"
        return data.decode(encoding, "replace"), [Repair(line, told)]


def _decode_unknown(data: bytes) -> tuple[str, list[Repair]]:
    """Find out the encoding: by its mark, by its zeros, by being UTF-8, or not."""
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    if marked:
        return _decode(data, marked)
    if unmarked := _unmarked_utf16(data):
        text, repairs = _decode(data, unmarked)
        return text, [Repair(0, "it is UTF-16 without a byte order mark"), *repairs]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        told = (
            f"it is not UTF-8 and was read as {_LEGACY}; where its letters come out wrong,"
            " name its encoding"
        )
        return _decode_legacy(data), [Repair(line, told)]


def _decode_legacy(data: bytes) -> str:
    """Western Windows, and Latin-1 where that has no letter."""
    try:
        return data.decode(_LEGACY)
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _unmarked_utf16(data: bytes) -> str | None:
    """Which of the two orders of UTF-16 it is, `None` for neither."""
    sample = data[:_LOOKED_AT]
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > len(sample) // 4 and not first:
        return "utf-16-le"
    if first > len(sample) // 4 and not second:
        return "utf-16-be"
    return None
