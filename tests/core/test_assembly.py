"""Tests of putting spoken audio together: one rate, one timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import AudioChunk, Word
from utterly.assembly import SpeechAssembly
from utterly.testing import hear, tone

if TYPE_CHECKING:
    from utterly.audio import Samples

RATE = 24_000
END = 0.003
"""Seconds in which audio that was cut off in the middle of a sound is led down to zero."""


def make_chunk(
    seconds: float, *words: Word, rate: int = RATE, segment: int = 0, engine: str = "first"
) -> AudioChunk:
    """A piece of a coded tone."""
    samples = tone("One.", sample_rate=rate)[: round(seconds * rate)]
    return AudioChunk(samples, rate, segment, engine, words)


def cut(samples: Samples, rate: int, places: Sequence[int]) -> Iterator[AudioChunk]:
    """The same audio in pieces."""
    for part in np.split(samples, sorted(places)):
        yield AudioChunk(part, rate, 0, "first")


def speak(assembly: SpeechAssembly, chunks: Iterable[AudioChunk], **facts: Any) -> list[AudioChunk]:
    """Take in one segment; what comes out."""
    out = [made for chunk in chunks for made in assembly.add(chunk)]
    out += assembly.flush()
    described = {"text": "One.", "engine": "first", "voice": "anna", "words": (), "attempts": ()}
    assembly.end_segment(**{**described, **facts})
    return out


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_every_rate_becomes_the_results(rate: int) -> None:
    """What comes out lasts as long, says the same and has one rate."""
    assembly = SpeechAssembly(("first",), RATE)
    out = speak(assembly, cut(tone("One.", sample_rate=rate), rate, [99, 3_000]))

    speech = assembly.finish("complete")
    assert {RATE} == {chunk.sample_rate for chunk in out}
    assert pytest.approx(0.3 + END, abs=1e-4) == speech.duration
    assert [("One.", True)] == [
        (t.text, t.complete) for t in hear(speech.samples, RATE, ["One.", "Two."])
    ]


@given(st.lists(st.integers(0, 6_615), max_size=6))
def test_cutting_makes_no_seam(places: list[int]) -> None:
    """Audio that comes in pieces is the audio that comes at once."""
    samples = tone("One.", sample_rate=22_050)
    whole, pieces = (SpeechAssembly(("first",), RATE) for _ in range(2))
    speak(whole, cut(samples, 22_050, []))
    speak(pieces, cut(samples, 22_050, places))

    expected, actual = (each.finish("complete").samples for each in (whole, pieces))
    np.testing.assert_allclose(actual, expected, atol=1e-5)


@pytest.mark.parametrize("rate", [22_050, 24_000])
def test_what_comes_out_is_what_is_kept(rate: int) -> None:
    """The listener and the result have the same samples."""
    assembly = SpeechAssembly(("first",), RATE)
    out = [chunk for _ in range(3) for chunk in speak(assembly, [make_chunk(0.2, rate=rate)])]

    np.testing.assert_array_equal(
        assembly.finish("complete").samples, np.concatenate([chunk.samples for chunk in out])
    )


def test_segments_follow_each_other_without_a_gap() -> None:
    """Each begins where the one before it ended, whoever spoke."""
    assembly = SpeechAssembly(("first", "second"), RATE)
    speak(assembly, [make_chunk(0.2, rate=22_050)])
    speak(assembly, [make_chunk(0.1), make_chunk(0.1)], engine="second")
    speak(assembly, [make_chunk(0.3, rate=48_000)])

    first, second, third = assembly.segments
    assert (0.0, first.end, second.end) == (first.start, second.start, third.start)
    ends = [0.2 + END, 0.4 + 2 * END, 0.7 + 3 * END]
    assert pytest.approx(ends, abs=1e-4) == [s.end for s in assembly.segments]
    assert third.end == assembly.duration == assembly.finish("complete").duration


def test_guarantee_10_words_are_timed_in_the_whole_speech() -> None:
    """Guarantee 10, one timeline: an engine's word times count from its own segment's start."""
    assembly = SpeechAssembly(("first",), RATE)
    speak(assembly, [make_chunk(0.25)])
    speak(assembly, [make_chunk(0.25)], words=(Word("two", 0.05, 0.25),))

    assert (Word("two", 0.3 + END, 0.5 + END),) == assembly.segments[1].words


def test_chunks_know_their_segment_and_engine() -> None:
    """What the resampler gave out last belongs to the engine that made it."""
    assembly = SpeechAssembly(("first", "second"), RATE)
    out = speak(assembly, [make_chunk(0.2, rate=22_050)])
    out += speak(assembly, [make_chunk(0.2, segment=1, engine="second")])

    assert {(0, "first"), (1, "second")} == {(chunk.segment, chunk.engine) for chunk in out}


@pytest.mark.parametrize("seconds", [0.2, 0.005], ids=["audible", "too short to come out at once"])
def test_words_come_exactly_once(seconds: float) -> None:
    """The delay of the resampler neither loses a word nor brings it twice."""
    word = Word("One.", 0.0, 0.2)
    chunks = [make_chunk(seconds, word, rate=22_050), make_chunk(0.2, rate=22_050)]
    out = speak(SpeechAssembly(("first",), RATE), chunks)

    assert [word] == [word for chunk in out for word in chunk.words]


def test_words_that_come_after_the_audio_stay_with_their_segment() -> None:
    """Timings that an engine tells last are not taken for those of the next segment."""
    word = Word("One.", 0.0, 0.2)
    assembly = SpeechAssembly(("first",), RATE)
    speak(assembly, [make_chunk(0.2), make_chunk(0.0, word)])
    out = speak(assembly, [make_chunk(0.2, segment=1)])

    assert [] == [word for chunk in out for word in chunk.words]


def test_silence_lasts_as_long_as_asked() -> None:
    """What nobody could speak has its place in the timeline."""
    assembly = SpeechAssembly(("first",), RATE)
    (silence,) = assembly.add_silence(3, 0.5)

    assert (3, "", 0.5, 0.0) == (
        silence.segment,
        silence.engine,
        assembly.duration,
        float(np.abs(silence.samples).max()),
    )


def test_speech_without_audio_is_empty() -> None:
    """Blank text gives a speech, not an error."""
    speech = SpeechAssembly(("first",), RATE).finish("complete")

    assert (0.0, (), np.float32) == (speech.duration, speech.segments, speech.samples.dtype.type)


def test_speech_may_be_taken_while_it_grows() -> None:
    """A speech that was taken stays as it was."""
    assembly = SpeechAssembly(("first",), RATE)
    speak(assembly, [make_chunk(0.1)])
    early = assembly.finish("partial")
    speak(assembly, [make_chunk(0.1)])

    assert 1 == len(early.segments)
    assert 0.1 + END == pytest.approx(early.duration)
