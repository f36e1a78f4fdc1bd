"""Cues as they stand in SRT and WebVTT files, and what is odd about how they stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from utterly.dubbing.script import Repair
from utterly.dubbing.timings import Timing, read_timing
from utterly.dubbing.written import WrittenCue
from utterly.errors import SubtitleError

_NOT_SHOWN = ("NOTE", "STYLE", "REGION")
"""First words of the blocks of a WebVTT file that are no cues."""


def find_blocks(
    lines: Sequence[str], is_vtt: bool
) -> tuple[list[WrittenCue], list[Repair]]:
    """Find the cues of a file.

    Args:
        lines: All of it.
        is_vtt: Whether it is WebVTT, else SRT.

    Raises:
        SubtitleError: Times that cannot be read; the line is named.
    """
    timings = list(_timings(lines, "." if is_vtt else ","))
    blocks: _VttBlocks | _SrtBlocks = _VttBlocks(lines) if is_vtt else _SrtBlocks(lines)
    places = [number for number, _timing in timings]
    blocks.begin(places[0] if places else len(lines))
    cues = []
    for (number, timing), (here, following) in zip(
        timings, pairwise([*places, len(lines)]), strict=True
    ):
        blocks.repairs += [Repair(number + 1, fault) for fault in timing.faults]
        text = blocks.text(here + 1, following)
        cues.append(WrittenCue(number + 1, timing.start, timing.end, text))
    return cues, blocks.repairs


def _timings(lines: Sequence[str], mark: str) -> Iterator[tuple[int, Timing]]:
    """Every line that has times, counted from 0."""
    for number, line in enumerate(lines):
        try:
            timing = read_timing(line, mark)
        except SubtitleError as error:
            raise SubtitleError(f"line {number + 1}: {error}") from None
        if timing is not None:
            yield number, timing


class _SrtBlocks:
    """The text between the times of an SRT file: up to the number of the next cue.

    Args:
        lines: All of the file.

    Attributes:
        repairs: What was odd.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._number = 0
        self.repairs: list[Repair] = []

    def begin(self, first: int) -> None:
        """Look at what stands before the first times."""
        last = self._without_number(0, first)
        if not self._is_blank(0, last):
            self._repair(0, "text before the first cue was left out")

    def text(self, first: int, following: int) -> str:
        """The text of a cue, from its first line to the times of the next one."""
        is_last = following == len(self._lines)
        last = following if is_last else self._without_number(first, following)
        text = "\n".join(self._lines[first:last]).strip()
        if not is_last and last > first and self._lines[last - 1].strip():
            self._repair(last, "the blank line before this cue is missing")
        if any(not line.strip() for line in text.split("\n")[1:]):
            self._repair(first, "a blank line stands within its text")
        return text

    def _without_number(self, first: int, following: int) -> int:
        """Where the number of the cue at `following` stands, else `following` itself."""
        place = following - 1
        while place > first and not self._lines[place].strip():
            place -= 1
        line = self._lines[place].strip() if place >= first else ""
        stands_there = place == following - 1 and self._is_alone(first, place)
        if line.isdecimal() and (stands_there or line == str(self._number + 1)):
            self._number = int(line[:9])
            return place
        self._number += 1
        self._repair(following, "the number of this cue is missing")
        return following

    def _is_alone(self, first: int, place: int) -> bool:
        return place == first or not self._lines[place - 1].strip()

    def _is_blank(self, first: int, last: int) -> bool:
        return not any(line.strip() for line in self._lines[first:last])

    def _repair(self, place: int, message: str) -> None:
        self.repairs.append(Repair(place + 1, message))


class _VttBlocks:
    """The text between the times of a WebVTT file: up to the first blank line.

    Args:
        lines: All of the file.

    Attributes:
        repairs: What was odd.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.repairs: list[Repair] = []

    def begin(self, first: int) -> None:  # noqa: ARG002  # whatever stands there is the header
        """Look at what stands before the first times."""
        if not self._lines[0].startswith("WEBVTT"):
            self.repairs.append(Repair(1, "WEBVTT is missing at its beginning"))

    def text(self, first: int, following: int) -> str:
        """The text of a cue; a blank line ends it."""
        lines = self._lines[first:following]
        blank = next((n for n, line in enumerate(lines) if not line.strip()), None)
        if blank is None:
            if following < len(self._lines):
                place = following + 1
                self.repairs.append(Repair(place, "the blank line before this cue is missing"))
                lines = lines[:-1] if lines and lines[-1].strip().isdecimal() else lines
            return "\n".join(lines)
        self._look_between(first + blank, following)
        return "\n".join(lines[:blank])

    def _look_between(self, first: int, following: int) -> None:
        """Look at what stands between two cues: comments, styles, the name of the second."""
        last = following - 1 if following < len(self._lines) else following
        before, block = "", ""
        for number in range(first, last):
            line = self._lines[number].strip()
            if line and not before:
                block = line
            if line and not before and not block.startswith(_NOT_SHOWN):
                self.repairs.append(Repair(number + 1, "text that belongs to no cue was left out"))
            before = line
