"""Audio in whatever pieces and shape it comes."""

from __future__ import annotations

import struct
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.servers.gemini.answers import speak, wav

from utterly import EngineError, IncompleteAudioError, InvalidAudioError
from utterly_gemini._answer import Answer
from utterly_gemini._sound import Sound

PCM = speak("One.")
RAW = "audio/L16;codec=pcm;rate=24000"


def _read(*pieces: tuple[bytes, str]) -> tuple[list[float], int]:
    sound = Sound()
    found = [audio for data, mime in pieces for audio in sound.read(data, mime)]
    found += sound.finish()
    samples = [float(sample) for audio in found for sample in audio.samples]
    return samples, found[0].sample_rate if found else 0


def _samples(pcm: bytes) -> list[float]:
    return [float(sample) for sample in np.frombuffer(pcm, "<i2") / np.float32(32768)]


@given(st.lists(st.integers(0, len(PCM)), max_size=5))
def test_pieces_may_be_cut_anywhere(cuts: list[int]) -> None:
    """Also in the middle of a sample."""
    places = [0, *sorted(cuts), len(PCM)]
    pieces = [(PCM[start:end], RAW) for start, end in pairwise(places)]

    assert (_samples(PCM), 24_000) == _read(*pieces)


@pytest.mark.parametrize(
    ("mime", "rate"),
    [
        (RAW, 24_000),
        ("audio/l16; rate=16000; channels=1", 16_000),
        ("AUDIO/L16 ; RATE=48000", 48_000),
        ("audio/pcm", 24_000),
    ],
)
def test_type_tells_the_rate(mime: str, rate: int) -> None:
    """In whatever case and with whatever spaces."""
    assert (_samples(PCM), rate) == _read((PCM, mime))


@pytest.mark.parametrize("mime", ["audio/wav", RAW, ""])
def test_bytes_tell_a_wav_whatever_the_type_says(mime: str) -> None:
    """The models have changed their mind before."""
    assert (_samples(PCM), 24_000) == _read((wav(PCM), mime))


def test_what_follows_the_samples_is_no_sound() -> None:
    """A WAV may go on with other chunks."""
    assert (_samples(PCM), 24_000) == _read((wav(PCM) + b"LIST\x04\0\0\0text", ""))


def test_wav_may_come_in_pieces() -> None:
    """The head is in the first."""
    whole = wav(PCM)

    assert (_samples(PCM), 24_000) == _read((whole[:101], "audio/wav"), (whole[101:], "audio/wav"))


def test_wav_without_a_length_ends_where_it_ends() -> None:
    """Who streams it cannot know the length."""
    head = wav(b"")[:-4]

    assert (_samples(PCM), 24_000) == _read((head + b"\xff" * 4 + PCM, "audio/wav"))


def test_wav_that_has_less_than_it_says_is_incomplete() -> None:
    """Its own evidence of a cut."""
    with pytest.raises(IncompleteAudioError):
        _read((wav(PCM)[:-2], "audio/wav"))


@pytest.mark.parametrize(
    "mime",
    [
        "",
        "audio/mpeg",
        "text/plain",
        "audio/L16;rate=0",
        "audio/L16;rate=x",
        "audio/L16;channels=99",
    ],
)
def test_other_audio_is_refused(mime: str) -> None:
    """Played as samples it would be noise."""
    with pytest.raises(InvalidAudioError):
        _read((PCM, mime))


@pytest.mark.parametrize(("kind", "bits"), [(3, 32), (1, 8), (1, 24), (7, 8), (3, 16)])
def test_other_wav_is_refused(kind: int, bits: int) -> None:
    """Floats, bytes and A-law would be noise."""
    head = bytearray(wav(PCM)[:44])
    struct.pack_into("<H", head, 20, kind)
    struct.pack_into("<H", head, 34, bits)

    with pytest.raises(InvalidAudioError, match="cannot be read"):
        _read((bytes(head) + PCM, "audio/wav"))


def test_answer_without_audio_is_incomplete() -> None:
    """Although it ends as it should."""
    answer = Answer()
    list(answer.read(_response("STOP")))

    with pytest.raises(IncompleteAudioError, match="no audio"):
        list(answer.finish())


def _response(reason: str) -> Any:
    """What the library makes of an answer without content."""
    from google.genai import types

    return types.GenerateContentResponse(
        candidates=[types.Candidate(finish_reason=types.FinishReason(reason))]
    )


@given(st.binary(max_size=200))
def test_any_wav_is_read_or_refused(rest: bytes) -> None:
    """No bytes bring anything but audio or an error of ours."""
    with suppress(EngineError):
        _read((b"RIFF" + rest, "audio/wav"))


@given(st.binary(max_size=120))
def test_any_format_is_read_or_refused(middle: bytes) -> None:
    """The same where the head is right as far as it goes."""
    with suppress(EngineError):
        _read((wav(PCM)[:16] + middle + PCM, "audio/wav"))
