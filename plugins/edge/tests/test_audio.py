"""MP3 as it comes, in pieces of any size, whole or not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.servers.edge.tones import utter

from utterly import InvalidAudioError
from utterly_edge._audio import ENCODER_DELAY, FRAME_SAMPLES, Mp3Decoder

HEADER = b"\xff\xf3\x64\xc4"
FRAMES = utter("river stone light morning", 1.0, 0).frames
WHOLE = b"".join(FRAMES)


def _decode(*pieces: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    decoder = Mp3Decoder()
    return np.concatenate([*map(decoder.feed, pieces), decoder.finish()])


@given(st.lists(st.integers(0, len(WHOLE)), max_size=6))
@settings(max_examples=30, deadline=None)
def test_pieces_may_be_cut_anywhere(cuts: list[int]) -> None:
    """Messages end where they like."""
    places = [0, *sorted(cuts), len(WHOLE)]
    pieces = [WHOLE[start:end] for start, end in pairwise(places)]

    assert np.array_equal(_decode(WHOLE), _decode(*pieces))


def test_each_frame_is_24_ms() -> None:
    """Less the silence of encoder and decoder at the start."""
    assert FRAME_SAMPLES * len(FRAMES) - ENCODER_DELAY == len(_decode(WHOLE))


def test_nothing_that_can_be_decoded_is_no_audio() -> None:
    """Although each frame looks like one."""
    with pytest.raises(InvalidAudioError, match="cannot be decoded"):
        _decode((HEADER + b"\xff" * 140) * 9)


def test_mp3_of_another_kind_is_refused() -> None:
    """Of 24 kbit/s there would be twice as much as was thought, and half of it lost."""
    with pytest.raises(InvalidAudioError, match="not its kind of MP3"):
        _decode((b"\xff\xf3\x34\xc4" + bytes(68)) * 20)


@pytest.mark.parametrize("junk", [b"<html>", b"ID3\4", b"RIFF", bytes(3)])
def test_other_bytes_are_no_audio(junk: bytes) -> None:
    """They would be skipped by a decoder that takes what it can get."""
    with pytest.raises(InvalidAudioError, match="not its kind of MP3"):
        _decode(junk + WHOLE)
