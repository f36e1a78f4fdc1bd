"""Cues as they stand in SRT and WebVTT files, and what is odd about how they stand there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from utterly.dubbing.script import Repair
from utterly.dubbing.timings import Timing, read_timing
from utterly.dubbing.written import LONGEST_TEXT, WrittenCue
from utterly.errors import SubtitleError

_NOT_SHOWN = ("NOTE", "STYLE", "REGION")
"""First words of the blocks of a WebVTT file that are no cues."""


def find_blocks(lines: Sequence[str], is_vtt: bool) -> tuple[list[WrittenCue], list[Repair]]:
    """Find the cues of a file.

    Args:
        lines: All of it.
        is_vtt: Whether it is WebVTT, else SRT.

    Raises:
        SubtitleError: Times that cannot be read; the line is named.
    """
    timings = list(_timings(lines, "." if is_vtt else ","))
    blocks: _Blocks = _VttBlocks(lines) if is_vtt else _SrtBlocks(lines)
    places = [number for number, _timing in timings]
    blocks.begin(places[0] if places else len(lines))
    cues = []
    for (number, timing), (here, following) in zip(
        timings, pairwise([*places, len(lines)]), strict=True
    ):
        blocks.repairs += [Repair(number + 1, fault) for fault in timing.faults]
        text = blocks.text(here + 1, following)
        if len(text) > LONGEST_TEXT:
            told = f"this cue has more than {LONGEST_TEXT:,} characters: are times missing?"
            raise SubtitleError(f"line {number + 1}: {told}")
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


class _Blocks(ABC):
    """The text between the times of a file.

    Args:
        lines: All of the file.

    Attributes:
        repairs: What was odd.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.repairs: list[Repair] = []

    @abstractmethod
    def begin(self, first: int) -> None:
        """Look at what stands before the first times."""

    @abstractmethod
    def text(self, first: int, following: int) -> str:
        """The text of a cue, which is somewhere from its first line to the times of the next."""

    def _is_blank(self, place: int) -> bool:
        return not self._lines[place].strip()

    def _repair(self, place: int, message: str) -> None:
        self.repairs.append(Repair(place + 1, message))


class _SrtBlocks(_Blocks):
    """The text of a cue goes on to the number of the next one."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(lines)
        self._number = 0

    def begin(self, first: int) -> None:
        last = self._without_number(0, first)
        if not all(map(self._is_blank, range(last))):
            self._repair(0, "text before the first cue was left out")

    def text(self, first: int, following: int) -> str:
        is_last = following == len(self._lines)
        last = following if is_last else self._without_number(first, following)
        if not is_last and last > first and not self._is_blank(last - 1):
            self._repair(last, "the blank line before this cue is missing")
        text = "\n".join(self._lines[first:last]).strip()
        if any(not line.strip() for line in text.split("\n")[1:]):
            self._repair(first, "a blank line stands within its text")
        return text

    def _without_number(self, first: int, following: int) -> int:
        """Where the number of the cue at `following` stands, else `following` itself."""
        place = following - 1
        while place > first and self._is_blank(place):
            place -= 1
        line = self._lines[place].strip() if place >= first else ""
        is_alone = place <= first or self._is_blank(place - 1)
        stands_there = is_alone and place == following - 1
        if line.isdecimal() and (stands_there or line == str(self._number + 1)):
            self._number = int(line[:9])
            return place
        self._number += 1
        self._repair(following, "the number of this cue is missing")
        return following


class _VttBlocks(_Blocks):
    """The text of a cue goes on to a blank line."""

    def begin(self, first: int) -> None:  # noqa: ARG002  # whatever stands there is the header
        if not self._lines[0].startswith("WEBVTT"):
            self._repair(0, "WEBVTT is missing at its beginning")

    def text(self, first: int, following: int) -> str:
        last = next(filter(self._is_blank, range(first, following)), following)
        if last < following:
            self._look_between(last, following)
        elif following < len(self._lines):
            self._repair(following, "the blank line before this cue is missing")
            last -= last > first and self._lines[last - 1].strip().isdecimal()
        return "\n".join(self._lines[first:last])

    def _look_between(self, first: int, following: int) -> None:
        """Look at what stands between two cues: comments, styles, the name of the second."""
        has_name = following < len(self._lines)
        places = range(first, following - has_name)
        for is_blank, block in groupby(places, key=self._is_blank):
            place = next(block)
            if not is_blank and self._lines[place].split()[0] not in _NOT_SHOWN:
                self._repair(place, "text that belongs to no cue was left out")
