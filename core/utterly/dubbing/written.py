"""A cue as it stands in a file, before it is known what of it is read aloud."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_TEXT = 10_000
"""Characters of a cue: more is no text, but a drawing of ASS, or a file that lacks times."""


@dataclass(frozen=True, slots=True)
class WrittenCue:
    """A cue as it is written.

    Attributes:
        line: Of its times, from 1.
        start: Milliseconds.
        end: Milliseconds, `None` where it is missing.
        text: With all markup.
        speaker: Whom the format itself names, `""` for nobody.
    """

    line: int
    start: int
    end: int | None
    text: str
    speaker: str = ""
