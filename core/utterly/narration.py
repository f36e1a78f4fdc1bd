"""A request that is settled, and lacks nothing but the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from utterly.audio_file import check_output
from utterly.casting import Casting, Line
from utterly.engine.checks import expected_duration
from utterly.orchestrator import Orchestrator
from utterly.plan import RequestPlan
from utterly.recording import record
from utterly.speech import Speech
from utterly.text import split_pieces
from utterly.text_source import Piece
from utterly.turns import split_turns


@dataclass(frozen=True, slots=True)
class Narration:
    """A request that is ready to run.

    Attributes:
        plan: What is settled about it.
        cast: Settles who speaks a turn: given its voice and text.
        orchestrator: Speaks it.
        output: The file to write to while it is spoken.
    """

    plan: RequestPlan
    cast: Callable[[str | None, str], Casting]
    orchestrator: Orchestrator
    output: Path | None = None

    def speak(self, text: str | Iterable[Piece]) -> Speech:
        """Speak all of a text, for nobody who listens yet."""
        lines = list(self.lines(text))
        chunks = self.orchestrator.speak(lines, len(lines))
        if self.output is not None:
            check_output(self.output, sum(map(_seconds, lines)))
            with closing(chunks):
                return record(self.output, self.plan.sample_rate, chunks, self.orchestrator.speech)
        for _chunk in chunks:
            pass  # all of it is in the result
        return self.orchestrator.speech()

    def lines(self, text: str | Iterable[Piece]) -> Iterator[Line]:
        """The text's sentences, each with who is to speak it.

        Raises:
            InvalidRequestError: A turn that is none, or whose voice means nothing.
        """
        if isinstance(text, str):
            yield from self._cut([text], self.plan.casting)
            return
        for turn, pieces in split_turns(text):
            casting = self.plan.casting if turn is None else self.cast(*turn)
            yield from self._cut(pieces, casting)

    def _cut(self, pieces: Iterable[str], casting: Casting) -> Iterator[Line]:
        for segment in split_pieces(pieces, casting.language, casting.longest_segment):
            yield Line(segment, casting)


def _seconds(line: Line) -> float:
    return expected_duration(line.segment.text, line.casting.speed)
