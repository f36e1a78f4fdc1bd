"""Speech that a test can hear: each word a tone of its own pitch and length."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import soundfile
from numpy.typing import NDArray

SAMPLE_RATE = 24_000
FRAME_BYTES = 144
LEAD_SECONDS = 0.1
_GAP_SECONDS = 0.06
_SECONDS_PER_LETTER = 0.06
_SECONDS_PER_WORD = 0.1
_LOUDNESS = 0.3
_EDGE_SECONDS = 0.005
_LOWEST, _STEP, _PITCHES = 400, 100, 30
_THRESHOLD = 0.05
"""Share of the tone's amplitude; what is quieter is a gap."""


@dataclass(frozen=True)
class TimedWord:
    """A word as the server speaks it; seconds from the start of the turn."""

    text: str
    start: float
    duration: float


@dataclass(frozen=True)
class HeardTone:
    """A tone that was heard: its pitch in Hz, and when, in seconds."""

    pitch: int
    start: float
    end: float


@dataclass(frozen=True)
class Utterance:
    """The audio of one turn, as MP3 frames, and its words."""

    frames: tuple[bytes, ...]
    words: tuple[TimedWord, ...]


def spoken_words(text: str) -> list[str]:
    """What the server calls the words of a text."""
    stripped = (token.strip(".,;:!?…\"'()[]*-") for token in text.split())
    return [word for word in stripped if any(map(str.isalnum, word))]


def pitch_of(word: str) -> int:
    """The pitch of a word in Hz, from its checksum."""
    return _LOWEST + _STEP * (zlib.crc32(word.encode()) % _PITCHES)


def utter(text: str, speed: float, pitch_shift: int) -> Utterance:
    """Speak a text.

    Args:
        text: Words between spaces.
        speed: Factor.
        pitch_shift: Hz.
    """
    parts = [np.zeros(round(LEAD_SECONDS * SAMPLE_RATE), np.float32)]
    words = []
    position = len(parts[0])
    for word in spoken_words(text):
        seconds = (_SECONDS_PER_WORD + _SECONDS_PER_LETTER * len(word)) / speed
        tone = _tone(pitch_of(word) + pitch_shift, seconds)
        gap = np.zeros(round(_GAP_SECONDS / speed * SAMPLE_RATE), np.float32)
        words.append(TimedWord(word, position / SAMPLE_RATE, len(tone) / SAMPLE_RATE))
        parts += [tone, gap]
        position += len(tone) + len(gap)
    return Utterance(_encode(np.concatenate(parts)), tuple(words))


def hear_tones(samples: NDArray[np.floating], sample_rate: int = SAMPLE_RATE) -> list[HeardTone]:
    """The tones in some audio, in order; their times are right within a few milliseconds."""
    step = sample_rate // 1_000
    blocks = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1)
    loud = np.concatenate([[0], blocks > _THRESHOLD * _LOUDNESS, [0]]).astype(int)
    # A dip of a few milliseconds is no gap.
    edges = np.flatnonzero(np.diff(loud))
    runs: list[list[int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if runs and start - runs[-1][1] < 10:
            runs[-1][1] = int(end)
        else:
            runs.append([int(start), int(end)])
    return [
        HeardTone(_pitch(samples[start * step : end * step], sample_rate), start / 1e3, end / 1e3)
        for start, end in runs
        if end - start > 10
    ]


def _pitch(samples: NDArray[np.floating], sample_rate: int) -> int:
    """The strongest pitch, to the nearest that a word can have."""
    middle = samples[len(samples) // 4 : -len(samples) // 4 or None]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 1 << 15))
    strongest = float(np.argmax(spectrum)) * sample_rate / (1 << 15)
    return round((strongest - _LOWEST) / _STEP) * _STEP + _LOWEST


def _tone(pitch: float, seconds: float) -> NDArray[np.float32]:
    times = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    distance = np.minimum(times, times[::-1]) / _EDGE_SECONDS
    envelope = np.sin(np.pi / 2 * np.minimum(distance, 1)) ** 2
    tone: NDArray[np.float32] = (_LOUDNESS * envelope * np.sin(2 * np.pi * pitch * times)).astype(
        np.float32
    )
    return tone


def _encode(samples: NDArray[np.float32]) -> tuple[bytes, ...]:
    """MP3 as the service sends it: 48 kbit/s, constant, frames of 24 ms."""
    file = io.BytesIO()
    with soundfile.SoundFile(
        file,
        "w",
        SAMPLE_RATE,
        1,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=0.72,
    ) as encoder:
        encoder.write(samples)
    data = file.getvalue()
    cuts = [*range(0, len(data), FRAME_BYTES), len(data)]
    return tuple(data[start:end] for start, end in pairwise(cuts))
