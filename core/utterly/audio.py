"""Audio as engines yield it and as callers receive it.

numpy is imported when audio is first touched, so that `import utterly` stays light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """One word and when it is heard.

    Attributes:
        text: The word as it stands in the text.
        start: Seconds from the start of the segment (of the whole speech in a `Speech`).
        end: Seconds, never before `start`.
    """

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """A piece of speech, yielded by an engine.

    Attributes:
        samples: Mono, `[frames]`, floating point between -1 and 1.
        sample_rate: Frames per second.
        words: Words whose times became known with this piece, relative to the segment's start.
    """

    samples: NDArray[Any]
    sample_rate: int
    words: tuple[Word, ...] = ()

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate

    @classmethod
    def from_pcm16(
        cls,
        data: bytes | bytearray | memoryview,
        sample_rate: int,
        *,
        channels: int = 1,
        words: tuple[Word, ...] = (),
    ) -> Audio:
        """Read signed little-endian 16-bit samples; several channels are mixed to one.

        Args:
            data: The bytes, `2 * channels` for each frame.
            sample_rate: Frames per second.
            channels: Interleaved channels in `data`.
            words: Passed on.

        Raises:
            ValueError: The bytes do not fill whole frames, as after a cut.
        """
        import numpy as np

        if len(data) % (2 * channels):
            raise ValueError(f"{len(data)} bytes do not fill frames of {2 * channels} bytes")
        frames = np.frombuffer(data, dtype="<i2").reshape(-1, channels)
        samples = frames.mean(axis=1, dtype=np.float32) / np.float32(32768)
        return cls(samples, sample_rate, words)


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """A piece of speech as callers and extensions see it; it never spans two segments.

    Attributes:
        samples: Mono float32, `[frames]`.
        sample_rate: Frames per second.
        segment: Index of the segment in the request, from 0.
        engine: Configured name of the engine that spoke it.
        words: Words whose times became known with this chunk, relative to the segment's start.
    """

    samples: Samples
    sample_rate: int
    segment: int
    engine: str
    words: tuple[Word, ...] = ()

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.sample_rate
