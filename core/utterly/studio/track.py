"""One speech in the making, or made: its audio on the disk, and what a page shows of it."""

from __future__ import annotations

import asyncio
import secrets
import wave
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from utterly.audio_formats import SAMPLE_RATE
from utterly.studio.feed import Message
from utterly.studio.waveform import Waveform

if TYPE_CHECKING:
    from utterly.audio import Samples
    from utterly.speech import SpokenSegment

Kind: TypeAlias = Literal["speech", "preview", "dub"]
State: TypeAlias = Literal["speaking", "complete", "partial", "failed", "stopped"]
"""`partial` and `stopped` tracks can be heard as far as they came; of `failed` ones there is
nothing."""

UPDATE_SECONDS = 0.1
"""How often pages are told of audio that came."""

READ_BYTES = 48_000
_HEADER_BYTES = 44
_SAMPLE_BYTES = 2


@dataclass
class Track:
    """Audio of one request of one visitor.

    Attributes:
        kind: What it was made for.
        title: What its file is called, without a suffix.
        folder: Where its file lies.
        publish: Tells the visitor's pages.
        id: Nobody can guess it.
        state: How far it came.
        error: What went wrong, in one line; empty where nothing did.
        segments: Who spoke what, as far as it is settled.
        share: How much of it is spoken, 0 to 1.
        frames: Of audio so far.
    """

    kind: Kind
    title: str
    folder: Path
    publish: Callable[[Message], None]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "speaking"
    error: str = ""
    segments: tuple[SpokenSegment, ...] = ()
    share: float = 0.0
    frames: int = 0
    _waveform: Waveform = field(default_factory=lambda: Waveform(SAMPLE_RATE))
    _file: wave.Wave_write | None = None
    _grown: asyncio.Event = field(default_factory=asyncio.Event)
    _published: tuple[int, int] = (0, 0)
    _waits: asyncio.TimerHandle | None = None

    @property
    def is_preview(self) -> bool:
        """Whether a voice introduces itself, and nobody wants to keep it."""
        return self.kind == "preview"

    @property
    def path(self) -> Path:
        """The audio, as WAV with 16 bits."""
        return self.folder / f"{self.id}.wav"

    @property
    def duration(self) -> float:
        """Seconds of audio so far."""
        return self.frames / SAMPLE_RATE

    @property
    def can_be_heard(self) -> bool:
        """Whether its file is there, and grows no more."""
        return self.state in ("complete", "partial", "stopped") and self.frames > 0

    def write(self, samples: Samples) -> None:
        """Add audio: mono float32, `[frames]`, at the usual rate."""
        import numpy as np

        if self._file is None:
            self._file = wave.open(str(self.path), "wb")  # noqa: SIM115  # closed by `end`
            self._file.setparams((1, _SAMPLE_BYTES, SAMPLE_RATE, 0, "NONE", ""))
        pcm = (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2")
        self._file.writeframes(pcm.tobytes())
        self.frames += len(samples)
        self._waveform.add(samples)
        self._grow()

    def settle(self, segments: Iterable[SpokenSegment]) -> None:
        """Note who spoke what."""
        self.segments = tuple(segments)
        self._grow()

    def adopt(self, frames: int, waveform: Waveform) -> None:
        """Take audio that somebody else wrote to `path`."""
        self.frames, self._waveform = frames, waveform

    def end(self, state: State, error: str = "") -> None:
        """Nothing more comes."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._waveform.end()
        self.error = error
        self.state = "failed" if state in ("partial", "stopped") and not self.frames else state
        self._grow()
        self._update()

    def delete(self) -> None:
        """Leave nothing behind."""
        for path in self.folder.glob(f"{self.id}.*"):
            with suppress(OSError):  # a page still reads it; the folder goes in the end
                path.unlink()

    async def follow_pcm(self, start: int) -> AsyncIterator[bytes]:
        """The audio from a frame on, as it comes: signed 16-bit samples, little-endian."""
        place = start
        while True:
            grown = self._grown
            while (left := self.frames - place) > 0:
                block = self._read(place, left)
                place += len(block) // _SAMPLE_BYTES
                yield block
            if self.state != "speaking":
                return
            await grown.wait()

    def to_dict(self) -> dict[str, Any]:
        """Everything that a page shows, ready for JSON."""
        return {**self._facts(), "first_peak": 0, "first_segment": 0, **self._since(0, 0)}

    def _read(self, frame: int, left: int) -> bytes:
        with self.path.open("rb") as file:
            file.seek(_HEADER_BYTES + _SAMPLE_BYTES * frame)
            return file.read(min(READ_BYTES, _SAMPLE_BYTES * left))

    def _grow(self) -> None:
        """Wake who waits for audio at once, and tell the pages a moment later."""
        self._grown.set()
        self._grown = asyncio.Event()
        if self._waits is None:
            loop = asyncio.get_running_loop()
            self._waits = loop.call_later(UPDATE_SECONDS, self._update)

    def _update(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None
        peaks, segments = self._published
        self._published = (len(self._waveform.peaks), len(self.segments))
        place = {"first_peak": peaks, "first_segment": segments}
        self.publish({"type": "track", **self._facts(), **place, **self._since(peaks, segments)})

    def _facts(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "state": self.state,
            "error": self.error,
            "duration": self.duration,
            "share": self.share,
        }

    def _since(self, peaks: int, segments: int) -> dict[str, Any]:
        return {
            "peaks": self._waveform.peaks[peaks:],
            "segments": [_segment(segment) for segment in self.segments[segments:]],
        }


def _segment(segment: SpokenSegment) -> dict[str, Any]:
    """What a page shows of a segment."""
    return {
        "text": segment.text,
        "start": segment.start,
        "end": segment.end,
        "engine": segment.engine,
        "voice": segment.voice,
        "substituted": segment.substituted,
        "complete": segment.complete,
        "warnings": list(segment.warnings),
    }
