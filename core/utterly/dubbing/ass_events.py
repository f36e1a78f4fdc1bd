"""Cues as they stand in ASS and SSA files: a line each, called an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from utterly.dubbing.script import Repair
from utterly.dubbing.timings import read_clock
from utterly.dubbing.written import LONGEST_TEXT, WrittenCue
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
        repairs += [Repair(number, fault) for fault in _faults(fields)]
    return cues, repairs


def _faults(fields: Sequence[str]) -> Iterator[str]:
    if any(field.strip().startswith("-") for field in fields[1:3]):
        yield "a time before the beginning counts as the beginning"
    if len(fields[-1]) > LONGEST_TEXT:
        yield f"a text of more than {LONGEST_TEXT:,} characters was left out"


def _read_event(number: int, fields: Sequence[str]) -> WrittenCue:
    if len(fields) < _FIELDS:
        raise SubtitleError(f"this event has {len(fields)} fields instead of {_FIELDS}")
    start = read_clock(fields[1])
    if start is None:
        raise SubtitleError("this event has no start; write 0:00:01.00")
    text = fields[9] if len(fields[9]) <= LONGEST_TEXT else ""
    return WrittenCue(number, start, read_clock(fields[2]), text, fields[4].strip())
