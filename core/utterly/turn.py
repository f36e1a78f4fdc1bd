"""One segment's way through the chain: tried, tried again, taken over, broken off, given up."""

from __future__ import annotations

import random
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Literal, TypeAlias

from utterly.assembly import SpeechAssembly
from utterly.attempt import Attempting, Progress
from utterly.casting import Line
from utterly.decisions import Decision, Situation, decide
from utterly.engine.checks import expected_duration
from utterly.errors import AllEnginesFailedError, EngineError, RequestCancelledError
from utterly.events import (
    AttemptFailed,
    AttemptStarted,
    SegmentBroken,
    SegmentSkipped,
    SegmentSpoken,
)
from utterly.extensions import ExtensionFault
from utterly.lineup import Candidate, Lineup
from utterly.plan import RequestPlan
from utterly.release import HoldBack, rest_of
from utterly.seams import natural_pause
from utterly.speech import Attempt, explain
from utterly.text import is_speakable

if TYPE_CHECKING:
    from utterly.audio import AudioChunk

Outcome: TypeAlias = Literal["over", "next", "stop"]
"""The segment needs nobody any more, the next engine, or nobody who is there."""


class Turn:
    """Has one segment spoken by whoever can.

    Args:
        plan: The request.
        lineup: The engines.
        attempting: How an engine is asked.
        assembly: Where the audio goes.
        index: Of the segment.
        line: What to speak, and who is to.
        order: Whom to ask, in order.

    Attributes:
        speaker: Who spoke last, `None` where nobody did.
    """

    def __init__(
        self,
        plan: RequestPlan,
        lineup: Lineup,
        attempting: Attempting,
        assembly: SpeechAssembly,
        *,
        index: int,
        line: Line,
        order: Sequence[str],
    ) -> None:
        self._plan = plan
        self._lineup = lineup
        self._attempting = attempting
        self._assembly = assembly
        self._index = index
        self._casting = line.casting
        self._segment = line.segment
        self._source = line.segment.source.text
        self._order = order
        self._tried: list[str] = []
        self._attempts: list[Attempt] = []
        self._recorded = 0
        self._failure: EngineError | None = None
        self.speaker: str | None = None

    def speak(self) -> Iterator[AudioChunk]:
        """Speak the segment, letting audio go as the plan allows.

        Raises:
            AllEnginesFailedError: Nobody could, and the policy does not skip it.
            RequestCancelledError: The request was cancelled.
        """
        outcome: Outcome = "next"
        paragraph, fits = self._segment.starts_paragraph, self._plan.fitting is not None
        pause = 0.0 if fits else natural_pause(self._casting.speed, new_paragraph=paragraph)
        self._assembly.begin_segment(pause, self._casting.chain)
        with closing(self._lineup.candidates(self._order)) as candidates:
            for candidate in candidates:
                outcome = yield from self._ask(candidate)
                if outcome != "next":
                    break
        if outcome != "over":
            yield from self._give_up()

    def _ask(self, candidate: Candidate) -> Generator[AudioChunk, None, Outcome]:
        """Let one engine try, as often as is sensible."""
        self._tried.append(candidate.engine)
        began, tries = monotonic(), 0
        while True:
            tries += 1
            progress = Progress(candidate, self._casting, HoldBack(self._plan.hold_back_seconds))
            self._plan.emit(AttemptStarted(self._plan.number, self._index, candidate.engine))
            try:
                for chunk in self._attempting.attempt(self._index, self._segment, progress):
                    yield from self._assembly.add(chunk)
            except ExtensionFault as fault:
                self._attempting.bypass(fault)
                tries -= 1  # no fault of the engine's
                if progress.released and not (yield from self._break_off(progress)):
                    return "over"
                continue
            except EngineError as error:
                failure = error
            else:
                yield from self._keep(progress)
                return "over"
            decision = self._decide(failure, progress, tries, monotonic() - began)
            self._report(progress, failure)
            over = progress.released and not (yield from self._break_off(progress))
            self._tell(candidate.engine, decision, over=over)
            if over:
                return "over"
            if decision.action != "again":
                return decision.action
            self._pause(decision.pause)

    def _decide(
        self, error: EngineError, progress: Progress, tries: int, seconds: float
    ) -> Decision:
        situation = Situation(
            kind=self._lineup.kind(progress.engine),
            live=self._plan.live,
            released=progress.released,
            tries=tries,
            seconds=seconds,
            others_healthy=self._lineup.others_healthy(progress.engine, self._casting.chain),
            unwell=progress.candidate.unwell,
        )
        chance = random.random()  # noqa: S311  # it only spreads the retries of many requests
        return decide(error, situation, self._plan.policy, chance)

    def _report(self, progress: Progress, error: EngineError) -> None:
        """Record a failure, and count it if the engine was really asked."""
        self._failure = error
        self._attempts.append(progress.fail(error))
        if progress.asked:
            self._lineup.fail(progress.engine, progress.voice, progress.stage, error)

    def _tell(self, engine: str, decision: Decision, *, over: bool) -> None:
        """Say what failed, and who tries next."""
        following = engine if decision.action == "again" else ""
        if decision.action == "next" and not over:
            following = self._lineup.following(self._order, self._tried)
        last = self._attempts[-1]
        failed = (last.engine, last.stage, last.error, last.message, following, decision.pause)
        self._plan.emit(AttemptFailed(self._plan.number, self._index, *failed))

    def _pause(self, seconds: float) -> None:
        if self._plan.cancellation.wait(seconds):
            raise RequestCancelledError("cancelled")

    def _keep(self, progress: Progress) -> Iterator[AudioChunk]:
        """The segment, or what was left of it, is spoken whole."""
        yield from self._assembly.flush()
        self._attempts.append(progress.succeed())
        if progress.spoke:
            self._lineup.succeed(progress.engine, progress.voice)
        self._end_piece(progress, self._source, complete=True)

    def _break_off(self, progress: Progress) -> Generator[AudioChunk, None, bool]:
        """End what has been heard in part.

        Returns:
            Whether there is a rest that somebody else can take up.
        """
        for chunk in progress.held.cut():
            yield from self._assembly.add(chunk)
        yield from self._assembly.flush()
        rest = rest_of(self._segment.text, progress.held.words())
        resumed = rest is not None and is_speakable(rest)
        whole = self._segment.text
        spoken = whole[: len(whole) - len(rest)] if rest and resumed else self._source
        self._plan.emit(
            SegmentBroken(
                self._plan.number, self._index, progress.engine, progress.held.released, resumed
            )
        )
        self._end_piece(progress, spoken.strip(), complete=False)
        if rest and resumed:
            self._segment = replace(self._segment, text=rest.strip())
            self._source = rest.strip()
        return resumed

    def _end_piece(self, progress: Progress, text: str, *, complete: bool) -> None:
        """Note who spoke what was heard since the last piece ended."""
        self.speaker = progress.engine
        piece = self._assembly.end_segment(
            text=text,
            engine=progress.engine,
            voice=progress.voice,
            words=progress.held.words(),
            attempts=self._attempts[self._recorded :],
            warnings=progress.warnings,
            substituted=progress.engine != self._casting.chain[0],
            complete=complete,
        )
        self._recorded = len(self._attempts)
        self._plan.emit(
            SegmentSpoken(
                self._plan.number,
                self._index,
                progress.engine,
                progress.voice,
                piece.substituted,
                complete,
                piece.end - piece.start,
            )
        )

    def _give_up(self) -> Iterator[AudioChunk]:
        """Nobody could speak it."""
        if self._plan.policy.on_failure == "raise":
            raise self._all_failed() from self._failure
        seconds = expected_duration(self._segment.text, self._casting.speed)
        yield from self._assembly.add_silence(self._index, seconds)
        self._assembly.end_segment(
            text=self._source,
            engine="",
            voice="",
            words=(),
            attempts=self._attempts[self._recorded :],
            complete=False,
        )
        self._plan.emit(SegmentSkipped(self._plan.number, self._index, seconds))

    def _all_failed(self) -> AllEnginesFailedError:
        return AllEnginesFailedError(
            f"no engine could speak segment {self._index + 1} ({explain(self._attempts)})",
            attempts=tuple(self._attempts),
            speech=self._assembly.finish("partial"),
        )
