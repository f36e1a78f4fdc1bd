"""One engine trying one segment: what it is asked, how far it came, what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from utterly.cancellation import Cancellation
from utterly.context import Context
from utterly.engine.faults import name_error
from utterly.engine.session import EngineSession
from utterly.errors import EngineError
from utterly.extensions import surround
from utterly.request import SpeechRequest
from utterly.speech import Attempt, Stage
from utterly.wishes import check_supported

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.plugins import ExtensionPlugin


@dataclass(slots=True)
class Progress:
    """How far an attempt has come.

    Attributes:
        engine: Configured name.
        stage: The stage it is in.
        voice: The engine's voice id, once it is known.
    """

    engine: str
    stage: Stage = "queue"
    voice: str = ""
    _began: float = field(default_factory=monotonic)

    def enter(self, stage: Stage) -> None:
        """Note that a stage begins."""
        self.stage = stage

    def succeed(self) -> Attempt:
        """The record of an attempt that spoke the segment."""
        return Attempt(self.engine, self.voice, self.stage, monotonic() - self._began)

    def fail(self, error: EngineError) -> Attempt:
        """The record of an attempt that did not."""
        seconds = monotonic() - self._began
        return Attempt(self.engine, self.voice, self.stage, seconds, name_error(error), str(error))


def speak_segment(
    session: EngineSession,
    segment: int,
    request: SpeechRequest,
    extensions: Sequence[ExtensionPlugin],
    *,
    cancellation: Cancellation,
    on_stage: Callable[[Stage], None],
) -> Iterator[AudioChunk]:
    """Speak one segment with one engine, through the extensions.

    Raises:
        EngineError: The engine could not.
        ExtensionFault: An extension failed by itself.
        RequestCancelledError: It was cancelled.
    """

    def speak(request: SpeechRequest) -> Iterator[AudioChunk]:
        check_supported(session.plugin.info, request)
        return session.speak(segment, request, cancellation, on_stage)

    context = Context(offline=session.offline, _cancellation=cancellation)
    surrounded = surround(extensions, speak, engine=session.name, segment=segment, context=context)
    return surrounded(request)
