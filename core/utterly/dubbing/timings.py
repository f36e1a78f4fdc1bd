"""The times of a cue, as they are written and as they are miswritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from utterly.errors import SubtitleError

LONGEST_HOURS = 99
"""What a subtitle file can write."""

_LONGEST_LINE = 200
"""Characters that are looked at: times stand at the beginning."""

_CLOCK = r"-?\s*(?:\d{1,9}\s*:\s*)?\d{1,9}\s*:\s*\d{1,9}(?:\s*[.,:;]\s*\d{0,9})?"
_ARROW = re.compile(r"\s*(?:[-\u2010-\u2015=]+\s*>+|\N{RIGHTWARDS ARROW})\s*")
_TIMES = re.compile(rf"\s*({_CLOCK}){_ARROW.pattern}({_CLOCK})?(?=\s|[^\d:.,;]|$)")
_PARTS = re.compile(r"(-?)\s*(?:(\d+)\s*:)?\s*(\d+)\s*:\s*(\d+)(?:\s*([.,:;])\s*(\d*))?")
_LIKE_TIMES = re.compile(r"\s*(?:-?\d.*)?-->|.*-->\s*\d+\s*:\s*\d+\s*[:.,]")


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one cue.

    Attributes:
        start: Milliseconds.
        end: Milliseconds, `None` where it is missing.
        faults: What was odd about how they are written.
    """

    start: int
    end: int | None
    faults: tuple[str, ...] = ()


def read_timing(line: str, mark: str) -> Timing | None:
    """Read a line that has the times of a cue.

    Args:
        line: Any line of the file.
        mark: What stands before the milliseconds in this format.

    Returns:
        The times; `None` where the line is another one.

    Raises:
        SubtitleError: It was to have them, and they cannot be read.
    """
    match = _TIMES.match(line[:_LONGEST_LINE])
    if match is None:
        if _LIKE_TIMES.match(line):
            example = f"00:00:01{mark}000 --> 00:00:02{mark}000"
            raise SubtitleError(f"these are no times; write {example}")
        return None
    start, end = match.groups()
    faults = [*_faults(start, mark), *(_faults(end, mark) if end else ())]
    if "-->" not in line:
        faults.append("the arrow between the times is not -->")
    return Timing(
        _read_clock(start), _read_clock(end) if end else None, tuple(dict.fromkeys(faults))
    )


def read_clock(text: str) -> int | None:
    """One time in milliseconds, `None` where it is none.

    Raises:
        SubtitleError: It is too long for a subtitle file.
    """
    return _read_clock(text) if _PARTS.fullmatch(text.strip()) else None


def _read_clock(text: str) -> int:
    match = _PARTS.fullmatch(text.strip())
    assert match is not None  # noqa: S101  # for the type checker: it was found by its form
    sign, hours, minutes, seconds, _mark, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    if whole >= (LONGEST_HOURS + 1) * 3600:
        raise SubtitleError(f"a time of more than {LONGEST_HOURS} hours")
    milliseconds = int((fraction or "").ljust(3, "0")[:3])
    return 0 if sign else 1000 * whole + milliseconds


def _faults(text: str, mark: str) -> Iterator[str]:
    match = _PARTS.fullmatch(text.strip())
    assert match is not None  # noqa: S101  # as above
    sign, _hours, minutes, seconds, found, fraction = match.groups()
    if sign:
        yield "a time before the beginning counts as the beginning"
    if int(seconds) >= 60 or int(minutes) >= 60:
        yield "minutes or seconds of 60 and more were carried over"
    if not fraction:
        yield "the milliseconds are missing, and count as none"
    elif found != mark:
        yield f"{found!r} stands before the milliseconds in place of {mark!r}"
