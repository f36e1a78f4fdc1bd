"""One request through a chain of engines: each segment is spoken once, by the first that can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count
from typing import TYPE_CHECKING

from utterly.assembly import SpeechAssembly
from utterly.attempt import Progress, speak_segment
from utterly.cancellation import Cancellation
from utterly.engine.faults import name_error
from utterly.engine.session import EngineSession
from utterly.errors import AllEnginesFailedError, EngineError
from utterly.events import (
    AttemptFailed,
    AttemptStarted,
    Event,
    ExtensionBypassed,
    FeatureDropped,
    RequestEnded,
    RequestStarted,
    SegmentSpoken,
)
from utterly.extensions import ExtensionFault
from utterly.policy import Policy
from utterly.request import SpeechRequest
from utterly.speech import Attempt, Speech
from utterly.text import Segment
from utterly.wishes import Wishes, drop_features, missing_features

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.plugins import ExtensionPlugin

_numbers = count(1)


class Orchestrator:
    """Speaks one request.

    Args:
        chain: Configured names, first choice first.
        open_session: Gives the session of a name; raises `EngineError` where there can be none.
        wishes: How to speak.
        policy: What to do about failures.
        extensions: Around every attempt, the first outermost.
        emit: Told every event.
        cancellation: Of the request.
        sample_rate: Of the result, in Hz.
    """

    def __init__(
        self,
        chain: tuple[str, ...],
        *,
        open_session: Callable[[str], EngineSession],
        wishes: Wishes,
        policy: Policy,
        extensions: Sequence[ExtensionPlugin],
        emit: Callable[[Event], None],
        cancellation: Cancellation,
        sample_rate: int = 24_000,
    ) -> None:
        self._chain = chain
        self._open_session = open_session
        self._wishes = wishes
        self._policy = policy
        self._extensions = list(extensions)
        self._emit = emit
        self._cancellation = cancellation
        self._number = next(_numbers)
        self._assembly = SpeechAssembly(chain, sample_rate)
        self._sessions: dict[str, EngineSession] = {}
        self._in_use = ExitStack()

    def speak(self, segments: Sequence[Segment]) -> Speech:
        """Speak all segments in order.

        Raises:
            AllEnginesFailedError: No engine could speak one of them; it carries the speech so far.
            RequestCancelledError: The request was cancelled.
        """
        self._emit(RequestStarted(self._number, self._chain, len(segments)))
        try:
            with self._in_use:
                for index, segment in enumerate(segments):
                    self._speak_segment(index, segment)
        finally:
            self._emit_end(len(segments))
        return self._assembly.finish("complete")

    def _speak_segment(self, index: int, segment: Segment) -> None:
        """Let one engine after the other try, until one has spoken the whole segment."""
        attempts: list[Attempt] = []
        for engine, following in zip(self._chain, (*self._chain[1:], ""), strict=True):
            progress = Progress(engine)
            self._emit(AttemptStarted(self._number, index, engine))
            try:
                chunks, warnings = self._attempt(index, segment, progress)
            except EngineError as error:
                failure = error
                attempts.append(progress.fail(error))
            else:
                attempts.append(progress.succeed())
                self._keep(index, segment, chunks, attempts, warnings)
                return
            next_engine = following if self._policy.tries_next(failure) else ""
            self._emit_failure(index, attempts[-1], next_engine)
            if not next_engine:
                break
        raise self._give_up(index, attempts) from failure

    def _attempt(
        self, index: int, segment: Segment, progress: Progress
    ) -> tuple[list[AudioChunk], list[str]]:
        """One engine's whole try at a segment; an extension that fails is left out from now on."""
        session = self._session(progress.engine)
        request, warnings = self._fit(session, segment)
        progress.voice = request.voice
        while True:
            chunks = speak_segment(
                session,
                index,
                request,
                self._extensions,
                cancellation=self._cancellation,
                on_stage=progress.enter,
            )
            try:
                return list(chunks), warnings
            except ExtensionFault as fault:
                self._bypass(fault)

    def _session(self, engine: str) -> EngineSession:
        """The engine's session, in use until the request ends."""
        if engine not in self._sessions:
            session = self._open_session(engine)
            self._in_use.enter_context(session.in_use())
            self._sessions[engine] = session
        return self._sessions[engine]

    def _fit(self, session: EngineSession, segment: Segment) -> tuple[SpeechRequest, list[str]]:
        """What this engine is asked, and what had to be left out of it."""
        info = session.plugin.info
        request = self._wishes.fit(session.name, info, session.voices(), segment)
        missing = missing_features(info, request)
        if not missing or self._policy.on_unsupported != "ignore":
            return request, []
        for feature in missing:
            self._emit(FeatureDropped(self._number, session.name, feature))
        warnings = [f"{session.name} has no {feature}; it was left out" for feature in missing]
        return drop_features(request, missing), warnings

    def _bypass(self, fault: ExtensionFault) -> None:
        self._extensions = [e for e in self._extensions if e.name != fault.extension]
        message = f"extension {fault.extension!r} failed and is left out of this request"
        name = name_error(fault.error)
        self._emit(ExtensionBypassed(self._number, fault.extension, name, message))

    def _keep(
        self,
        index: int,
        segment: Segment,
        chunks: Sequence[AudioChunk],
        attempts: Sequence[Attempt],
        warnings: Sequence[str],
    ) -> None:
        engine, voice = attempts[-1].engine, attempts[-1].voice
        spoken = self._assembly.add(
            chunks,
            text=segment.source.text,
            engine=engine,
            voice=voice,
            attempts=attempts,
            warnings=warnings,
        )
        substituted = engine != self._chain[0]
        duration = spoken.end - spoken.start
        self._emit(SegmentSpoken(self._number, index, engine, voice, substituted, duration))

    def _emit_failure(self, index: int, attempt: Attempt, next_engine: str) -> None:
        self._emit(
            AttemptFailed(
                self._number,
                index,
                attempt.engine,
                attempt.stage,
                attempt.error,
                attempt.message,
                next_engine,
            )
        )

    def _give_up(self, index: int, attempts: Sequence[Attempt]) -> AllEnginesFailedError:
        reasons = "; ".join(f"{a.engine}: {a.error}: {a.message}" for a in attempts)
        return AllEnginesFailedError(
            f"no engine could speak segment {index + 1} ({reasons})",
            attempts=tuple(attempts),
            speech=self._assembly.finish("partial"),
        )

    def _emit_end(self, segments: int) -> None:
        spoken = len(self._assembly.segments)
        self._emit(
            RequestEnded(
                self._number,
                "complete" if spoken == segments else "failed",
                spoken,
                segments,
                self._assembly.duration,
            )
        )
