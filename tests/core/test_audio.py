"""Tests of the audio values."""

from __future__ import annotations

import numpy as np
import pytest

from utterly import Audio


def test_pcm16_becomes_floating_point() -> None:
    """Full scale of 16 bits is full scale of floating point."""
    audio = Audio.from_pcm16(np.array([0, 16384, -32768], "<i2").tobytes(), 24_000)

    assert [0.0, 0.5, -1.0] == audio.samples.tolist()


def test_pcm16_of_several_channels_is_mixed() -> None:
    """Stereo comes out mono."""
    audio = Audio.from_pcm16(np.array([8192, 24576], "<i2").tobytes(), 24_000, channels=2)

    assert [0.5] == audio.samples.tolist()


def test_cut_pcm16_is_refused() -> None:
    """An odd number of bytes is a cut, not audio."""
    with pytest.raises(ValueError, match="3 bytes"):
        Audio.from_pcm16(b"abc", 24_000)


def test_duration_is_in_seconds() -> None:
    """Frames over rate."""
    assert 0.5 == Audio(np.zeros(12_000, np.float32), 24_000).duration
