"""The result of dubbing: the track, and what became of every cue."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from utterly.dubbing.script import Repair
from utterly.errors import AllEnginesFailedError
from utterly.events import RequestEvent
from utterly.speech import Attempt, Speech, SpokenSegment, Status


@dataclass(frozen=True, slots=True)
class DubbedCue:
    """One cue as it was spoken.

    Attributes:
        number: From 1, in order of start.
        start: Of the cue in the file, in seconds; its speech starts here.
        end: Of the cue in the file, in seconds.
        text: What was read aloud; empty where there is nothing to read.
        speakers: Who speaks in it, as the file tells it.
        segments: What was spoken, with times on the track; usually one.
        stretch: How much faster than usual it is spoken; 1.0 where it is not.
        borrowed: Seconds of the silence after it that its speech took.
        overrun: Seconds that its speech goes on beyond that.
    """

    number: int
    start: float
    end: float
    text: str = ""
    speakers: tuple[str, ...] = ()
    segments: tuple[SpokenSegment, ...] = ()
    stretch: float = 1.0
    borrowed: float = 0.0
    overrun: float = 0.0

    @property
    def engine(self) -> str:
        """Configured name of the engine that spoke it; empty where nothing was spoken."""
        return next((segment.engine for segment in self.segments if segment.engine), "")

    @property
    def voice(self) -> str:
        """The engine's voice id."""
        return next((segment.voice for segment in self.segments if segment.engine), "")

    def to_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {**asdict(self), "engine": self.engine, "voice": self.voice}


@dataclass(frozen=True, slots=True, eq=False)
class Dub:
    """A dubbed track, and the truth about it.

    Attributes:
        speech: The track: its samples or its file, and the segments at their times on it.
        cues: In order of start; where nobody could speak one, those before it.
        repairs: What was wrong with the subtitle file, and mended.
        unknown_speakers: Names in the file that are no persona's: their words are spoken in the
            voice of all others.
    """

    speech: Speech
    cues: tuple[DubbedCue, ...]
    repairs: tuple[Repair, ...] = ()
    unknown_speakers: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """`"complete"` only if every cue was spoken whole."""
        return self.speech.status

    @property
    def degraded(self) -> bool:
        """Whether anything was lost, or spoken by another engine than the first choice."""
        return self.speech.degraded

    @property
    def duration(self) -> float:
        """Length of the track in seconds."""
        return self.speech.duration

    @property
    def engines(self) -> tuple[str, ...]:
        """Who spoke, each once, in order of first word."""
        return self.speech.engines

    @property
    def output(self) -> Path | None:
        """The file that the track was written to."""
        return self.speech.output

    def to_dict(self) -> dict[str, Any]:
        """Everything but the samples, ready for JSON.

        Returns:
            The facts of the speech, and under `"cues"` those of each `DubbedCue` with its
            `"segments"`. Times are in seconds.
        """
        facts = self.speech.to_dict()
        del facts["segments"]
        return {
            **facts,
            "repairs": [asdict(repair) for repair in self.repairs],
            "unknown_speakers": list(self.unknown_speakers),
            "cues": [cue.to_dict() for cue in self.cues],
        }


@dataclass(frozen=True, slots=True)
class CueDubbed(RequestEvent):
    """A cue of a subtitle file stands on the track.

    Attributes:
        cue: Its number, from 1.
        start: Seconds on the track.
        end: When its speech is over, in seconds.
        engine: Configured name of the engine that spoke it; empty where nobody could.
        voice: The engine's voice id.
        stretch: How much faster than usual it is spoken, 1.0 where it is not.
        overrun: Seconds that it goes on beyond its time and the silence after it.
    """

    cue: int
    start: float
    end: float
    engine: str
    voice: str
    stretch: float
    overrun: float


class DubFailedError(AllEnginesFailedError):
    """No engine of the chain could speak a cue."""

    def __init__(self, message: str, *, attempts: tuple[Attempt, ...], dub: Dub) -> None:
        super().__init__(message, attempts=attempts, speech=dub.speech)
        self._dub = dub

    @property
    def dub(self) -> Dub:
        """What had been dubbed until then, with status `"partial"`."""
        return replace(self._dub, speech=self.speech)
