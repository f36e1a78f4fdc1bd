"""The lines of a script: what is spoken of each cue, by whom, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from utterly.casting import Casting, Line
from utterly.dubbing.script import Script, ScriptCue
from utterly.dubbing.slots import Slot, find_slots
from utterly.engine.checks import expected_duration
from utterly.normalisation import normalise
from utterly.request import Source
from utterly.text import LONGEST_SEGMENT, Segment, split_segments


@dataclass(frozen=True, slots=True)
class CueLine:
    """A line of a cue: all of it, unless several speak in it or it is very long.

    Attributes:
        cue: Which one.
        slot: Its time.
        line: What is spoken, and who is to.
        share: How much it is of what is left of the cue when its turn comes; 1 for the last line.
    """

    cue: ScriptCue
    slot: Slot
    line: Line
    share: float


class Cast:
    """Who speaks whose words.

    Args:
        usual: Who speaks where nobody is named, or nobody who is known.
        cast: Settles who speaks as a persona, given its name.
        personas: Their names; case makes no difference.
    """

    def __init__(
        self, usual: Casting, cast: Callable[[str], Casting], personas: Iterable[str]
    ) -> None:
        self._usual = usual
        self._cast = cache(cast)
        self._personas = {name.casefold(): name for name in personas}

    def find(self, speaker: str) -> Casting:
        """Who speaks the words of somebody.

        Raises:
            InvalidRequestError: The persona has a voice that is not there.
        """
        persona = self._personas.get(speaker.casefold())
        return self._usual if persona is None else self._cast(persona)

    def unknown(self, speakers: Iterable[str]) -> tuple[str, ...]:
        """Those who are no personas."""
        return tuple(name for name in speakers if name.casefold() not in self._personas)


def plan_lines(script: Script, cast: Cast) -> Iterator[CueLine]:
    """Settle what is spoken of each cue, by whom, and when.

    Yields:
        One line after the other; a cue has several where several speak in it, or where it is
        longer than an engine of the chain takes at once.

    Raises:
        InvalidRequestError: A persona has a voice that is not there.
    """
    spoken = [cue for cue in script.cues if cue.parts]
    for cue, slot in zip(spoken, find_slots(spoken, script.end), strict=True):
        lines = list(_lines(cue, cast))
        seconds = [expected_duration(line.segment.text, line.casting.speed) for line in lines]
        for place, line in enumerate(lines):
            yield CueLine(cue, slot, line, seconds[place] / sum(seconds[place:]))


def _lines(cue: ScriptCue, cast: Cast) -> Iterator[Line]:
    first = True
    for speaker, text in cue.parts:
        casting = cast.find(speaker)
        for segment in _segments(text, casting):
            # Each cue begins with the first choice again; within one, nobody is changed back.
            yield Line(replace(segment, starts_paragraph=first), casting)
            first = False


def _segments(text: str, casting: Casting) -> tuple[Segment, ...]:
    """One segment, however many sentences, where an engine can take it."""
    words = normalise(text)
    if len(words) <= min(casting.longest_segment or LONGEST_SEGMENT, LONGEST_SEGMENT):
        return (Segment(words, Source(text, 0, len(text))),)
    return split_segments(text, casting.language, casting.longest_segment)
