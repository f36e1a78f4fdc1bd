"""Tests of letting audio go: the hold-back, the cut, and what is left of a broken segment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import AudioChunk, Word
from utterly.release import FADE_SECONDS, KEEP_ALL, HoldBack, rest_of

RATE = 24_000
LENGTHS = st.lists(st.integers(1, 12_000), min_size=1, max_size=8)
"""Frames of chunks."""


def make_chunk(frames: int, *words: Word) -> AudioChunk:
    """A loud piece of audio: a cut without a fade would be heard."""
    return AudioChunk(np.ones(frames, np.float32), RATE, 0, "first", words)


def add_all(held: HoldBack, chunks: Iterable[AudioChunk]) -> list[AudioChunk]:
    """Hand chunks in; what comes out at once."""
    return [released for chunk in chunks for released in held.add(chunk)]


def join(chunks: Iterable[AudioChunk]) -> list[float]:
    """The samples of all chunks."""
    return [float(sample) for chunk in chunks for sample in chunk.samples]


def test_short_audio_stays_in_hand() -> None:
    """Nothing is heard of a segment that fails within the hold-back."""
    held = HoldBack(0.25)

    assert [] == add_all(held, [make_chunk(2_400), make_chunk(2_400)])
    assert 0.0 == held.released


@given(LENGTHS, st.floats(0.0, 1.0))
def test_hold_back_is_always_in_hand(lengths: list[int], seconds: float) -> None:
    """Whatever the lengths, at least the hold-back, or all there is, has not been heard."""
    held = HoldBack(seconds)
    out = add_all(held, map(make_chunk, lengths))

    kept = sum(lengths) - sum(len(chunk.samples) for chunk in out)
    assert kept >= min(sum(lengths), int(seconds * RATE))


@given(LENGTHS, st.floats(0.0, 1.0))
def test_whole_segment_comes_out_unchanged(lengths: list[int], seconds: float) -> None:
    """Every sample comes out once, in order."""
    chunks = [AudioChunk(np.arange(n, dtype=np.float32), RATE, 0, "first") for n in lengths]
    held = HoldBack(seconds)
    out = [*add_all(held, chunks), *held.finish()]

    assert join(chunks) == join(out)
    assert pytest.approx(sum(lengths) / RATE) == held.released


def test_without_hold_back_audio_goes_through_at_once() -> None:
    """`hold_back_seconds=0` trades safety for the shortest wait."""
    held = HoldBack(0.0)

    assert [100, 200] == [
        len(chunk.samples) for chunk in add_all(held, [make_chunk(100), make_chunk(200)])
    ]


def test_everything_can_be_held() -> None:
    """Where nobody listens yet, a segment comes out whole or not at all."""
    held = HoldBack(KEEP_ALL)

    assert [] == add_all(held, [make_chunk(10 * RATE)] * 3)


def test_cut_ends_where_a_word_does() -> None:
    """What is in hand of a word that is not whole is left out."""
    held = HoldBack(KEEP_ALL)
    add_all(held, [make_chunk(RATE, Word("one", 0.0, 0.3), Word("two", 0.3, 0.6))])
    add_all(held, [make_chunk(RATE // 4, Word("three", 0.6, 1.4))])

    assert round(0.6 * RATE) == len(join(held.cut()))


def test_cut_without_words_keeps_what_is_in_hand() -> None:
    """It is part of the segment, and nobody will say it again."""
    held = HoldBack(KEEP_ALL)
    add_all(held, [make_chunk(2_400), make_chunk(1_200)])

    assert 3_600 == len(join(held.cut()))


def test_cut_fades_out() -> None:
    """No step is larger than that of the fade, down to silence."""
    held = HoldBack(KEEP_ALL)
    add_all(held, [make_chunk(2_400)])
    samples = join(held.cut())

    assert 0.0 == samples[-1]
    assert max(abs(np.diff(samples))) <= 1.01 / (FADE_SECONDS * RATE - 1)


def test_cut_leaves_the_engines_array_alone() -> None:
    """The samples may be the engine's own, or a cache's."""
    chunk = make_chunk(2_400)
    held = HoldBack(KEEP_ALL)
    add_all(held, [chunk])
    list(held.cut())

    assert 1.0 == chunk.samples.min()


def test_cut_of_nothing_is_nothing() -> None:
    """An engine may fail before its first audio."""
    assert [] == list(HoldBack(0.25).cut())


@st.composite
def spoken_words(draw: st.DrawFn) -> tuple[Word, ...]:
    """Words one after the other, at times that fall between frames."""
    lengths = draw(st.lists(st.floats(0.05, 0.5), min_size=2, max_size=8))
    ends = np.cumsum(lengths).tolist()
    starts = [0.0, *ends[:-1]]
    pairs = enumerate(zip(starts, ends, strict=True))
    return tuple(Word(f"w{place}", *times) for place, times in pairs)


@given(spoken_words(), st.data())
def test_words_that_were_heard_are_those_that_were_whole_in_hand(
    words: tuple[Word, ...], data: st.DataObject
) -> None:
    """A word that was cut off entirely is not taken for one that was begun."""
    whole = data.draw(st.integers(1, len(words) - 1))
    arrived = (words[whole - 1].end + words[whole].end) / 2
    held = HoldBack(KEEP_ALL)
    add_all(held, [make_chunk(round(arrived * RATE), *words[: whole + 1])])
    list(held.cut())

    assert [word.text for word in words[:whole]] == [word.text for word in held.words()]


def test_word_never_reaches_beyond_the_audio() -> None:
    """A word in which the audio broke off ends there."""
    held = HoldBack(0.0)
    add_all(held, [make_chunk(RATE // 2, Word("long", 0.0, 2.0))])

    assert (Word("long", 0.0, 0.5),) == held.words()


@pytest.mark.parametrize(
    ("text", "spoken", "rest"),
    [
        ("One two three.", ["One"], " two three."),
        ("One two three.", ["One", "two"], " three."),
        ("One two three.", ["One", "two", "three."], ""),
        ("the cat and the dog", ["the", "cat", "and", "the"], " dog"),
        ("In 1999 it rained.", ["In", "nineteen"], None),
        ("One two three.", [], None),
        ("今日は良い天気です。", ["今日", "は"], "良い天気です。"),
    ],
)
def test_rest_is_what_was_not_begun(text: str, spoken: Sequence[str], rest: str | None) -> None:
    """Words are found again in the text, one after the other; where one is not, nothing is told."""
    times = [Word(word, float(place), place + 1.0) for place, word in enumerate(spoken)]

    assert rest == rest_of(text, times)
