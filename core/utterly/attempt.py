"""One engine trying one segment: what it is asked, how far it came, what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from utterly.casting import Casting
from utterly.context import Context
from utterly.engine.faults import name_error
from utterly.engine.session import EngineSession
from utterly.errors import EngineError
from utterly.events import ExtensionBypassed, FeatureDropped
from utterly.extensions import ExtensionFault, surround
from utterly.lineup import Candidate, Lineup
from utterly.plan import RequestPlan
from utterly.release import HoldBack
from utterly.request import SpeechRequest
from utterly.speech import Attempt, Stage
from utterly.text import Segment
from utterly.wishes import check_supported, drop_features, missing_features

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.plugins import ExtensionPlugin


_Fitted: TypeAlias = tuple[SpeechRequest, tuple[str, ...]]
"""A request without its text, and the warnings that go with it."""


@dataclass(slots=True)
class Progress:
    """How far an attempt has come.

    Attributes:
        candidate: The engine whose turn it is.
        casting: How it is to speak.
        held: Its audio, of which some may have been let go.
        voice: The engine's voice id, once it is known.
        stage: The stage it is in.
        asked: Whether the engine itself was asked; an extension may have answered in its place.
        warnings: What had to be left out.
    """

    candidate: Candidate
    casting: Casting
    held: HoldBack
    voice: str = ""
    stage: Stage = "queue"
    asked: bool = False
    warnings: tuple[str, ...] = ()
    _began: float = field(default_factory=monotonic)

    @property
    def engine(self) -> str:
        """Configured name."""
        return self.candidate.engine

    @property
    def released(self) -> bool:
        """Whether any of its audio has been let go."""
        return self.held.released > 0

    @property
    def spoke(self) -> bool:
        """Whether the engine itself spoke to the end; to list its voices is not enough."""
        return self.stage == "verify"

    def enter(self, stage: Stage) -> None:
        """Note that a stage of the engine begins."""
        self.stage = stage
        self.asked = True

    def succeed(self) -> Attempt:
        """The record of an attempt that spoke the segment."""
        return Attempt(self.engine, self.voice, self.stage, monotonic() - self._began)

    def fail(self, error: EngineError) -> Attempt:
        """The record of an attempt that did not."""
        seconds = monotonic() - self._began
        return Attempt(self.engine, self.voice, self.stage, seconds, name_error(error), str(error))


class Attempting:
    """Asks engines to speak segments, through the extensions of one request.

    Args:
        plan: The request.
        lineup: The engines.
        extensions: The first outermost.
    """

    def __init__(
        self, plan: RequestPlan, lineup: Lineup, extensions: Sequence[ExtensionPlugin]
    ) -> None:
        self._plan = plan
        self._lineup = lineup
        self._extensions = list(extensions)
        self._casting: Casting | None = None
        self._fitted: dict[str, _Fitted] = {}

    def attempt(self, index: int, segment: Segment, progress: Progress) -> Iterator[AudioChunk]:
        """Have one engine speak one segment; what may be let go comes out.

        Raises:
            EngineError: The engine could not.
            ExtensionFault: An extension failed by itself.
            RequestCancelledError: It was cancelled.
        """
        session = self._lineup.session(progress.engine)
        request = self._fit(session, segment, progress)
        self._lineup.check(progress.candidate, request.voice)
        for chunk in self._speak(session, index, request, progress):
            yield from progress.held.add(chunk)
        yield from progress.held.finish()

    def bypass(self, fault: ExtensionFault) -> None:
        """Leave an extension that failed out of the rest of the request."""
        self._extensions = [e for e in self._extensions if e.name != fault.extension]
        message = f"extension {fault.extension!r} failed and is left out of this request"
        error = type(fault.error).__name__
        self._plan.emit(ExtensionBypassed(self._plan.number, fault.extension, error, message))

    def _speak(
        self, session: EngineSession, index: int, request: SpeechRequest, progress: Progress
    ) -> Iterator[AudioChunk]:
        def speak(request: SpeechRequest) -> Iterator[AudioChunk]:
            check_supported(session.info, request)
            return session.speak(index, request, self._plan.cancellation, progress.enter)

        context = Context(offline=session.offline, _cancellation=self._plan.cancellation)
        surrounded = surround(
            self._extensions, speak, engine=session.name, segment=index, context=context
        )
        if self._plan.fitting is not None:
            surrounded = self._plan.fitting(surrounded)
        return surrounded(request)

    def _fit(self, session: EngineSession, segment: Segment, progress: Progress) -> SpeechRequest:
        """What this engine is asked."""
        if progress.casting is not self._casting:
            self._casting = progress.casting
            self._fitted.clear()
        if session.name not in self._fitted:
            self._fitted[session.name] = self._fit_engine(session, progress)
        template, progress.warnings = self._fitted[session.name]
        progress.voice = template.voice
        return replace(template, text=segment.text, source=segment.source)

    def _fit_engine(self, session: EngineSession, progress: Progress) -> _Fitted:
        """What the engine is asked in this voice, and what has to be left out of it."""
        info, wishes = session.info, progress.casting.wishes
        request = wishes.fit(session.name, info, session.voices(progress.enter))
        progress.voice = request.voice
        ignores = self._plan.policy.on_unsupported == "ignore"
        missing = tuple(
            name for name in missing_features(info, request) if ignores or name in wishes.optional
        )
        for feature in missing:
            self._plan.emit(FeatureDropped(self._plan.number, session.name, feature))
        warnings = tuple(f"{session.name} has no {name}; it was left out" for name in missing)
        return drop_features(request, missing), warnings
