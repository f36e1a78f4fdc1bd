"""What happens while Utterly works, as values: the same facts for a log, a progress bar, a page.

Events name engines, stages and counts; they never carry text of the user's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

from utterly.speech import Stage

HealthState: TypeAlias = Literal["closed", "open", "half_open", "disabled"]
"""Closed is healthy: the words are those of an electric circuit."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    def to_dict(self) -> dict[str, Any]:
        """The event's fields and, as `event`, its name; ready for JSON."""
        named = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {"event": type(self).__name__, **named}


@dataclass(frozen=True, slots=True)
class EngineEvent(Event):
    """Something in the life of one engine."""

    engine: str


@dataclass(frozen=True, slots=True)
class EnginePreparing(EngineEvent):
    """The engine looks for its model files."""


@dataclass(frozen=True, slots=True)
class EnginePrepared(EngineEvent):
    """The engine has its model files."""

    seconds: float


@dataclass(frozen=True, slots=True)
class EngineLoading(EngineEvent):
    """The engine's model is on its way into memory."""


@dataclass(frozen=True, slots=True)
class EngineLoaded(EngineEvent):
    """The engine's model is in memory."""

    seconds: float


@dataclass(frozen=True, slots=True)
class EngineProgress(EngineEvent):
    """Long work of an engine has come this far.

    Attributes:
        done: In the engine's own unit.
        total: In the same unit, `None` where it is not known.
        note: What is being done, in a few words.
    """

    done: float
    total: float | None
    note: str


@dataclass(frozen=True, slots=True)
class EngineHealthChanged(EngineEvent):
    """The engine's circuit opened, closed, lets a trial through, or the engine was disabled.

    Attributes:
        state: `"closed"` (healthy), `"open"`, `"half_open"` or `"disabled"`.
        seconds: How long it will be left alone, 0 where that is not the point.
        mend: What to do about a disabled engine.
    """

    state: HealthState
    seconds: float
    mend: str


@dataclass(frozen=True, slots=True)
class EngineUnresponsive(EngineEvent):
    """The engine was told to stop and goes on; it stays busy until its `calls` have ended."""

    calls: int


@dataclass(frozen=True, slots=True)
class EngineUnloading(EngineEvent):
    """The engine's model is about to be given back."""


@dataclass(frozen=True, slots=True)
class EngineUnloaded(EngineEvent):
    """The engine's model was given back."""

    seconds: float


@dataclass(frozen=True, slots=True)
class EngineUnloadFailed(EngineEvent):
    """Giving the model back failed; nobody was troubled with it.

    Attributes:
        error: Name of the error's class.
        message: One line.
    """

    error: str
    message: str


@dataclass(frozen=True, slots=True)
class RequestEvent(Event):
    """Something in one request.

    Attributes:
        request: Number of the request in this process, from 1.
    """

    request: int


@dataclass(frozen=True, slots=True)
class RequestStarted(RequestEvent):
    """A request begins.

    Attributes:
        chain: Configured names, first choice first.
        segments: How many there are to speak; `None` while the text is still arriving.
    """

    chain: tuple[str, ...]
    segments: int | None


@dataclass(frozen=True, slots=True)
class FeatureDropped(RequestEvent):
    """A feature that the engine lacks was left out: no argument, or the policy, insists on it."""

    engine: str
    feature: str


@dataclass(frozen=True, slots=True)
class AttemptStarted(RequestEvent):
    """An engine tries a segment."""

    segment: int
    engine: str


@dataclass(frozen=True, slots=True)
class AttemptFailed(RequestEvent):
    """An engine could not speak a segment.

    Attributes:
        stage: How far it came.
        error: Name of the error's class.
        message: One line.
        next_engine: Who tries next, the same engine perhaps; empty where nobody is left.
        pause: Seconds until then.
    """

    segment: int
    engine: str
    stage: Stage
    error: str
    message: str
    next_engine: str
    pause: float


@dataclass(frozen=True, slots=True)
class SegmentSpoken(RequestEvent):
    """A segment is spoken and kept.

    Attributes:
        substituted: Whether another engine than the first choice spoke it.
        complete: Whether it, or what was left of it, was spoken whole.
        duration: Seconds of audio.
    """

    segment: int
    engine: str
    voice: str
    substituted: bool
    complete: bool
    duration: float


@dataclass(frozen=True, slots=True)
class SegmentBroken(RequestEvent):
    """A segment broke off after some of it had been heard; that is never taken back.

    Attributes:
        duration: Seconds of it that were heard.
        resumed: Whether it is known where it broke off, so that another engine takes up there.
    """

    segment: int
    engine: str
    duration: float
    resumed: bool


@dataclass(frozen=True, slots=True)
class SegmentSkipped(RequestEvent):
    """Nobody could speak a segment, and `on_failure="skip"` left it out.

    Attributes:
        duration: Seconds of silence in its place.
    """

    segment: int
    duration: float


@dataclass(frozen=True, slots=True)
class ExtensionBypassed(RequestEvent):
    """An extension failed and stays out for the rest of the request."""

    extension: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class RequestEnded(RequestEvent):
    """A request is over.

    Attributes:
        status: `"failed"` where an error was raised instead of a result.
        spoken: How many segments were spoken whole.
        segments: How many were begun.
        duration: Seconds of audio.
    """

    status: Literal["complete", "partial", "failed"]
    spoken: int
    segments: int
    duration: float
