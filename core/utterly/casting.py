"""Who speaks a part of a text, and how: settled before any of it is spoken."""

from __future__ import annotations

from dataclasses import dataclass

from utterly.text import Segment
from utterly.wishes import Wishes


@dataclass(frozen=True, slots=True, eq=False)
class Casting:
    """Who is to speak, and how. Two are the same only if they are one and the same.

    Attributes:
        chain: Configured names, first choice first.
        wishes: Voice, language and features.
        longest_segment: Characters that every engine of the chain takes at once; `None` for no
            limit.
    """

    chain: tuple[str, ...]
    wishes: Wishes
    longest_segment: int | None

    @property
    def language(self) -> str:
        """What the text is cut into sentences by, a BCP 47 tag."""
        return self.wishes.template.language

    @property
    def speed(self) -> float:
        """Factor."""
        return self.wishes.template.speed


@dataclass(frozen=True, slots=True)
class Line:
    """A segment, and who is to speak it.

    Attributes:
        segment: What is spoken.
        casting: By whom, and how.
    """

    segment: Segment
    casting: Casting
