"""Is it audio, and is it all of it? Hard failures only; whatever is merely odd is a warning."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from utterly.audio import Audio, AudioChunk, Word
from utterly.engine_info import HIGHEST_SAMPLE_RATE, LOWEST_SAMPLE_RATE
from utterly.errors import IncompleteAudioError, InvalidAudioError
from utterly.text import is_speakable

if TYPE_CHECKING:
    from utterly.audio import Samples

_IDEOGRAPH_OR_KANA = re.compile(
    "[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of the scripts that take longest to speak (the blocks of Unicode with those names)."""

SILENCE = 10 ** (-60 / 20)
"""Amplitude of -60 dBFS: what stays below it throughout is silence."""

LETTERS_PER_SECOND = 25.0
IDEOGRAPHS_PER_SECOND = 12.0
SHORTEST_SHARE = 0.25
FEWEST_LETTERS = 20

ORDINARY_SLOWNESS = 2.0
"""Readers take about twice the shortest plausible time: some 12 letters a second."""


def check_audio(audio: Any, *, segment: int, engine: str, sample_rate: int | None) -> AudioChunk:
    """Check one piece of audio and stamp it.

    Args:
        audio: What the engine yielded.
        segment: Index of the segment.
        engine: Configured name.
        sample_rate: Rate of the pieces before it, `None` for the first.

    Raises:
        InvalidAudioError: It is not audio as the contract describes it.
    """
    if not isinstance(audio, Audio):
        raise InvalidAudioError(f"synthesize() yielded {type(audio).__name__}; it should be Audio")
    if sample_rate is not None and audio.sample_rate != sample_rate:
        raise InvalidAudioError(
            f"the sample rate changed from {sample_rate} to {audio.sample_rate!r} Hz in one segment"
        )
    _check_rate(audio.sample_rate)
    _check_words(audio.words)
    return AudioChunk(
        _check_samples(audio.samples), audio.sample_rate, segment, engine, audio.words
    )


def _check_rate(sample_rate: Any) -> None:
    if (
        not isinstance(sample_rate, int)
        or not LOWEST_SAMPLE_RATE <= sample_rate <= HIGHEST_SAMPLE_RATE
    ):
        raise InvalidAudioError(
            f"a sample rate of {sample_rate!r};"
            f" it should be {LOWEST_SAMPLE_RATE} to {HIGHEST_SAMPLE_RATE} Hz"
        )


def _check_words(words: Any) -> None:
    if not isinstance(words, tuple) or not all(map(_is_word, words)):
        raise InvalidAudioError(
            "words that are not a tuple of Word with a text and times from 0, start before end"
        )


def _is_word(word: Any) -> bool:
    if not isinstance(word, Word):
        return False
    facts: tuple[Any, Any, Any] = (word.text, word.start, word.end)
    text, start, end = facts
    are_numbers = isinstance(start, int | float) and isinstance(end, int | float)
    return isinstance(text, str) and are_numbers and 0.0 <= start <= end < math.inf


def _check_samples(samples: Any) -> Samples:
    try:
        array = np.asarray(samples)
    except ValueError as error:  # lists of unequal lengths, for one
        raise InvalidAudioError("samples that are no array; they should be mono") from error
    if array.ndim != 1:
        raise InvalidAudioError(f"samples of shape {array.shape}; they should be mono, [frames]")
    if not np.issubdtype(array.dtype, np.floating):
        raise InvalidAudioError(
            f"samples of type {array.dtype}; they should be floating point"
            " (Audio.from_pcm16 reads 16-bit samples)"
        )
    with np.errstate(over="ignore"):  # what is too large becomes infinite, and is refused
        samples_32: Samples = array.astype(np.float32, copy=False)
    if not np.isfinite(samples_32).all():
        raise InvalidAudioError("samples that are not finite")
    return samples_32


def check_complete(chunks: Sequence[AudioChunk], text: str, speed: float) -> None:
    """Check that the audio of one segment can hold its text.

    Raises:
        IncompleteAudioError: No samples, silence throughout although there is a letter or digit,
            or under a quarter of the shortest plausible time for text of 20 letters or more.
    """
    if not is_speakable(text):
        return
    duration = sum(chunk.duration for chunk in chunks)
    if duration == 0:
        raise IncompleteAudioError("no audio at all")
    if max(float(np.abs(chunk.samples).max(initial=0)) for chunk in chunks) < SILENCE:
        raise IncompleteAudioError("silence from beginning to end")
    letters, shortest = shortest_plausible(text, speed)
    if letters >= FEWEST_LETTERS and duration < SHORTEST_SHARE * shortest:
        raise IncompleteAudioError(
            f"{duration:.2f} s of audio for text that takes at least {shortest:.2f} s"
        )


def shortest_plausible(text: str, speed: float) -> tuple[int, float]:
    """Count the letters and digits, and estimate the shortest time they can be spoken in.

    Returns:
        The count, and seconds at 25 letters a second, 12 for ideographs and kana, over `speed`.
    """
    letters = sum(map(str.isalnum, text))
    ideographs = len(_IDEOGRAPH_OR_KANA.findall(text))
    seconds = ideographs / IDEOGRAPHS_PER_SECOND + (letters - ideographs) / LETTERS_PER_SECOND
    return letters, seconds / speed


def expected_duration(text: str, speed: float) -> float:
    """Estimate how long text takes to be spoken at an ordinary pace, in seconds."""
    return ORDINARY_SLOWNESS * shortest_plausible(text, speed)[1]
