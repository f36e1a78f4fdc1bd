"""One request through a chain of engines: each segment is spoken once, by the first that can."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING

from utterly.assembly import SpeechAssembly
from utterly.attempt import Attempting
from utterly.casting import Line
from utterly.decisions import order_chain
from utterly.engine.session import EngineSession
from utterly.events import RequestEnded, RequestStarted
from utterly.health_book import HealthBook, book
from utterly.lineup import Lineup
from utterly.plan import RequestPlan
from utterly.speech import Speech
from utterly.turn import Turn

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.plugins import ExtensionPlugin


class Orchestrator:
    """Speaks one request.

    Args:
        plan: The request.
        open_session: Gives the session of a name; raises `EngineError` where there can be none.
        extensions: Around every attempt, the first outermost.
        health: Of all engines of the process.
    """

    def __init__(
        self,
        plan: RequestPlan,
        *,
        open_session: Callable[[str], EngineSession],
        extensions: Sequence[ExtensionPlugin],
        health: HealthBook = book,
    ) -> None:
        self._plan = plan
        self._lineup = Lineup(open_session, health, plan.policy, plan.emit, plan.cancellation)
        self._attempting = Attempting(plan, self._lineup, extensions)
        self._assembly = SpeechAssembly(
            plan.casting.chain, plan.sample_rate, keep_audio=plan.keep_audio
        )
        self._begun = 0
        self._ended = False

    def speak(
        self, lines: Iterable[Line], count: int | None = None
    ) -> Generator[AudioChunk, None, None]:
        """Speak all segments in order; audio comes out as it may be let go.

        Args:
            lines: What to speak, and who is to.
            count: How many there are, where that is known.

        Raises:
            AllEnginesFailedError: No engine could speak one of them; it carries the speech so far.
            RequestCancelledError: The request was cancelled.
        """
        self._plan.emit(RequestStarted(self._plan.number, self._plan.casting.chain, count))
        speaker: str | None = None
        try:
            for index, line in enumerate(lines):
                self._begun += 1
                turn = self._turn(index, line, speaker)
                yield from turn.speak()
                speaker = turn.speaker or speaker
            self._ended = True
        finally:
            self._lineup.close()
            self._emit_end()

    def speech(self) -> Speech:
        """What has been spoken so far, or in the end."""
        whole = self._ended and all(segment.complete for segment in self._assembly.segments)
        return self._assembly.finish("complete" if whole else "partial")

    def _turn(self, index: int, line: Line, speaker: str | None) -> Turn:
        order = order_chain(
            line.casting.chain,
            speaker if speaker in line.casting.chain else None,
            new_paragraph=line.segment.starts_paragraph,
            policy=self._plan.policy,
        )
        return Turn(
            self._plan,
            self._lineup,
            self._attempting,
            self._assembly,
            index=index,
            line=line,
            order=order,
        )

    def _emit_end(self) -> None:
        whole = sum(segment.complete for segment in self._assembly.segments)
        missing = whole < len(self._assembly.segments)
        self._plan.emit(
            RequestEnded(
                self._plan.number,
                "failed" if not self._ended else "partial" if missing else "complete",
                whole,
                self._begun,
                self._assembly.duration,
            )
        )
