"""Tests of what counts as audio, and as all of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from utterly import Audio, AudioChunk, IncompleteAudioError, InvalidAudioError
from utterly.engine.checks import check_audio, check_complete, shortest_plausible

RATE = 24_000


def chunk(seconds: float, level: float = 0.5) -> AudioChunk:
    """A chunk of constant level."""
    return AudioChunk(np.full(int(seconds * RATE), level, np.float32), RATE, 0, "any")


@pytest.mark.parametrize(
    ("audio", "advice"),
    [
        (b"bytes", "yielded bytes; it should be Audio"),
        (Audio(np.zeros((4, 2), np.float32), RATE), "mono"),
        (Audio([[1.0, 2.0], [3.0]], RATE), "no array"),  # type: ignore[arg-type]  # the fault
        (Audio(np.zeros(4, np.int16), RATE), "from_pcm16"),
        (Audio(np.array([0.0, np.nan]), RATE), "not finite"),
        (Audio(np.array([0.0, np.inf]), RATE), "not finite"),
        (Audio(np.zeros(4), 0), "sample rate of 0"),
        (Audio(np.zeros(4), 1_000_000), "sample rate"),
        (Audio(np.zeros(4), 24_000.5), "sample rate"),  # type: ignore[arg-type]  # the fault
    ],
)
def test_what_is_no_audio_is_refused_with_advice(audio: Any, advice: str) -> None:
    """Each way to break the contract is named."""
    with pytest.raises(InvalidAudioError, match=advice):
        check_audio(audio, segment=0, engine="any", sample_rate=None)


def test_rate_that_changes_within_a_segment_is_refused() -> None:
    """A segment has one rate."""
    with pytest.raises(InvalidAudioError, match="changed from 24000 to 22050"):
        check_audio(Audio(np.zeros(4), 22_050), segment=0, engine="any", sample_rate=RATE)


def test_double_precision_is_taken() -> None:
    """Any floating point will do; what goes on is float32."""
    checked = check_audio(Audio(np.zeros(4), RATE), segment=3, engine="any", sample_rate=None)

    assert ("float32", 3, "any") == (str(checked.samples.dtype), checked.segment, checked.engine)


def test_nothing_is_incomplete() -> None:
    """Text with a letter needs samples."""
    with pytest.raises(IncompleteAudioError, match="no audio"):
        check_complete([], "a", 1.0)


def test_silence_throughout_is_incomplete() -> None:
    """Below -60 dBFS from beginning to end nobody hears a word."""
    with pytest.raises(IncompleteAudioError, match="silence"):
        check_complete([chunk(1, 0.000_9)], "a", 1.0)


def test_one_loud_sample_is_no_silence() -> None:
    """Only silence throughout fails."""
    check_complete([chunk(1, 0.0), chunk(0.01, 0.002)], "a", 1.0)


def test_under_a_quarter_of_the_shortest_time_is_incomplete() -> None:
    """Twenty letters take 0.8 s at the fastest; 0.19 s cannot hold them."""
    with pytest.raises(IncompleteAudioError, match="takes at least"):
        check_complete([chunk(0.19)], "a" * 20, 1.0)


@pytest.mark.parametrize(
    ("seconds", "text", "speed"),
    [(0.21, "a" * 20, 1.0), (0.01, "a" * 19, 1.0), (0.11, "a" * 20, 2.0)],
)
def test_what_may_be_all_of_it_passes(seconds: float, text: str, speed: float) -> None:
    """A quarter is enough, short texts are not judged, and speed counts."""
    check_complete([chunk(seconds)], text, speed)


def test_text_without_letters_may_be_silent() -> None:
    """Nothing is demanded of text that has nothing to say."""
    check_complete([], "…!", 1.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("a" * 25, 1.0), ("漢字" * 6, 1.0), ("かな" * 6, 1.0), ("a b, c!" * 25, 3.0)],
)
def test_shortest_time_counts_letters_by_script(text: str, seconds: float) -> None:
    """25 letters a second, 12 ideographs or kana; spaces and marks take no time."""
    assert seconds == pytest.approx(shortest_plausible(text, 1.0)[1])
