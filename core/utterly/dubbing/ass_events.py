"""Cues as they stand in ASS and SSA files: a line each, called an event."""

from __future__ import annotations

from collections.abc import Sequence

from utterly.dubbing.script import Repair
from utterly.dubbing.timings import read_clock
from utterly.dubbing.written import WrittenCue
from utterly.errors import SubtitleError

_FIELDS = 10
"""Layer, start, end, style, name, three margins, effect and the text, which may have commas."""


def find_events(lines: Sequence[str]) -> tuple[list[WrittenCue], list[Repair]]:
    """Find the cues of a file; comments are none.

    Raises:
        SubtitleError: A line that lacks fields or has no start; it is named.
    """
    cues, repairs = [], []
    for number, line in enumerate(lines, start=1):
        kind, colon, rest = line.partition(":")
        if not colon or kind.strip().lower() != "dialogue":
            continue
        fields = rest.strip().split(",", _FIELDS - 1)
        try:
            cues.append(_read_event(number, fields))
        except SubtitleError as error:
            raise SubtitleError(f"line {number}: {error}") from None
        if any(field.strip().startswith("-") for field in fields[1:3]):
            told = "a time before the beginning counts as the beginning"
            repairs.append(Repair(number, told))
    return cues, repairs


def _read_event(number: int, fields: Sequence[str]) -> WrittenCue:
    if len(fields) < _FIELDS:
        raise SubtitleError(f"this event has {len(fields)} fields instead of {_FIELDS}")
    start = read_clock(fields[1])
    if start is None:
        raise SubtitleError("this event has no start; write 0:00:01.00")
    return WrittenCue(number, start, read_clock(fields[2]), fields[9], fields[4].strip())
