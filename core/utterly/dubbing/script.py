"""A script: the cues of a subtitle file as a dub needs them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Part: TypeAlias = tuple[str, str]
"""Who says it, as the file tells it or `""`, and what is read aloud."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Something about a subtitle file that was wrong, and was mended.

    Attributes:
        line: Where it stands, from 1; 0 where it is about the whole file.
        message: What was wrong and what was made of it, without any text of the file.
    """

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class ScriptCue:
    """One cue of a subtitle file.

    Attributes:
        number: From 1, in order of start.
        line: Where its times stand in the file, from 1.
        start: Seconds.
        end: Seconds, later than `start`.
        parts: What is read aloud and who says it; empty where nothing is.
    """

    number: int
    line: int
    start: float
    end: float
    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """All that is read aloud of it."""
        return " ".join(text for _speaker, text in self.parts)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks in it, each once."""
        return tuple(dict.fromkeys(speaker for speaker, _text in self.parts if speaker))


@dataclass(frozen=True, slots=True)
class Script:
    """The cues of a subtitle file.

    Attributes:
        path: The file.
        cues: In order of start.
        repairs: What was wrong with the file, and mended.
    """

    path: Path
    cues: tuple[ScriptCue, ...]
    repairs: tuple[Repair, ...] = ()

    @property
    def end(self) -> float:
        """When its last cue ends, in seconds: the length of the track."""
        return max((cue.end for cue in self.cues), default=0.0)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Everybody whom the file names, once, in order of first word."""
        return tuple(dict.fromkeys(name for cue in self.cues for name in cue.speakers))

    @property
    def text(self) -> str:
        """All that is read aloud, a line for each cue."""
        return "\n".join(cue.text for cue in self.cues if cue.parts)
