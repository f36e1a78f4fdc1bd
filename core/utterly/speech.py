"""The result of speaking: audio, who spoke what, and every attempt on the way."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from utterly.audio import Word
from utterly.errors import OutputError

if TYPE_CHECKING:
    from utterly.audio import Samples

Stage: TypeAlias = Literal["queue", "ensure_model", "load", "first_audio", "streaming", "verify"]
"""How far an attempt came."""

Status: TypeAlias = Literal["complete", "partial"]
"""Whether everything was spoken."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One engine trying one segment.

    Attributes:
        engine: Configured name.
        voice: The engine's voice id, empty where it failed before one was chosen.
        stage: The stage it failed in, or `"verify"` where it did not fail.
        seconds: Wall time it took.
        error: Name of the error's class, empty where the attempt succeeded.
        message: One line, empty where the attempt succeeded.
    """

    engine: str
    voice: str
    stage: Stage
    seconds: float
    error: str = ""
    message: str = ""


def explain(attempts: Iterable[Attempt]) -> str:
    """Say in one line why attempts failed."""
    return "; ".join(f"{a.engine}: {a.error}: {a.message}" for a in attempts)


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """One segment as it was spoken.

    Attributes:
        text: The words, as the caller wrote them.
        start: Seconds from the start of the speech.
        end: Seconds, never before `start`.
        engine: Configured name of the engine that spoke it; empty where nobody could.
        voice: The engine's voice id.
        words: Words with their times in the speech, where the engine knows them.
        attempts: Every attempt, the one that succeeded last.
        warnings: What was odd but not wrong, in plain sentences.
        substituted: Whether another engine than the first choice spoke it.
        complete: Whether all of the text was spoken.
    """

    text: str
    start: float
    end: float
    engine: str
    voice: str
    words: tuple[Word, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    warnings: tuple[str, ...] = ()
    substituted: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """Speech, and the truth about it.

    Attributes:
        samples: Mono float32, `[frames]`; empty where the audio went to `output` or was not kept.
        sample_rate: Frames per second.
        segments: In the order they are heard.
        status: `"complete"` only if every segment was spoken whole.
        chain: Configured names that were to be tried, first choice first.
        frames: How much audio there is, here or in `output`.
        output: The file that it was written to as it was spoken.
    """

    samples: Samples
    sample_rate: int
    segments: tuple[SpokenSegment, ...]
    status: Status
    chain: tuple[str, ...]
    frames: int
    output: Path | None = None

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate

    @property
    def engines(self) -> tuple[str, ...]:
        """Who spoke, each once, in order of first word."""
        return tuple(dict.fromkeys(s.engine for s in self.segments if s.engine))

    @property
    def degraded(self) -> bool:
        """Whether anything was lost, or spoken by another engine than the first choice."""
        return self.status != "complete" or any(s.substituted for s in self.segments)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Each `engine:voice` that spoke, once, in order of first word."""
        spoken = (f"{s.engine}:{s.voice}" for s in self.segments if s.engine)
        return tuple(dict.fromkeys(spoken))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the audio to a file, whole or not at all.

        Args:
            path: Ends in `.wav`, `.flac`, `.ogg`, `.opus` or `.mp3`.

        Raises:
            OutputError: The suffix is not known, the file cannot be written, or the audio was not
                kept since it went to `output`.
        """
        from utterly.audio_file import write_audio

        write_audio(path, self._kept(), self.sample_rate, make_tags(Path(path), self.speakers))

    def to_bytes(self, suffix: str = ".wav") -> bytes:
        """The audio as the bytes of a file.

        Args:
            suffix: Of the format: `".wav"`, `".flac"`, `".ogg"`, `".opus"` or `".mp3"`.

        Raises:
            OutputError: The suffix is not known, or the audio was not kept.
        """
        from utterly.audio_file import encode_audio

        return encode_audio(self._kept(), self.sample_rate, suffix)

    def to_srt(self) -> str:
        """Subtitles as SRT: the text of what was spoken, in lines of at most 42 characters."""
        from utterly.subtitles import to_srt

        return to_srt(self.segments)

    def to_vtt(self) -> str:
        """Subtitles as WebVTT, with the same cues as `to_srt` has."""
        from utterly.subtitles import to_vtt

        return to_vtt(self.segments)

    def play(self) -> None:
        """Play the audio through this machine's loudspeaker; return when it is over.

        An interruption ends it at once.

        Raises:
            OutputError: The extra `[play]`, its system library or an audio device is missing.
        """
        from utterly.playback import play, play_file

        if self.output is not None:
            play_file(self.output)
        else:
            play(self.samples, self.sample_rate)

    def _repr_html_(self) -> str:
        """A player, in a notebook."""
        from utterly.notebook import render_player

        return render_player(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the samples, ready for JSON.

        Returns:
            The facts of the speech, and under `"segments"` those of each `SpokenSegment` with its
            `"words"` and `"attempts"`. Times are in seconds.
        """
        from dataclasses import asdict

        return {
            "status": self.status,
            "degraded": self.degraded,
            "duration": round(self.duration, 3),
            "output": str(self.output) if self.output else None,
            "sample_rate": self.sample_rate,
            "chain": list(self.chain),
            "engines": list(self.engines),
            "segments": [asdict(segment) for segment in self.segments],
        }

    def _kept(self) -> Samples:
        if self.output is not None:
            raise OutputError(f"the audio is not in memory: it was written to {str(self.output)!r}")
        if len(self.samples) < self.frames:
            raise OutputError("the audio is not in memory: it was not to be kept")
        return self.samples


def make_tags(path: Path, speakers: tuple[str, ...]) -> dict[str, str]:
    """What players show of a file: its name as the title, and who speaks."""
    return {"title": path.stem, "artist": ", ".join(speakers), "comment": "spoken by Utterly"}
