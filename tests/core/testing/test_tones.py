"""Coded tones: what is said is what is heard."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from utterly.testing import hear, tone
from utterly.testing.tones import AMPLITUDE

if TYPE_CHECKING:
    from utterly.audio import Samples

TEXTS = ("One.", "Two.", "Three.", "Vier.", "五。", "stop")
RATE = 24_000
SHORTEST_CUT = 0.010


class Part(NamedTuple):
    """One tone and what happens to it on its way to the ear."""

    text: str
    sample_rate: int
    seconds: float
    gain: float
    silence: float
    heard: float

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut off."""
        return self.heard == 1.0

    def samples(self) -> Samples:
        """The tone at the common rate, cut, with silence after it."""
        spoken = tone(self.text, sample_rate=self.sample_rate, seconds=self.seconds)
        if not self.is_whole:
            most = len(spoken) - SHORTEST_CUT * self.sample_rate
            spoken = spoken[: int(self.heard * most)]
        if self.sample_rate != RATE:
            spoken = soxr.resample(spoken, self.sample_rate, RATE)
        silence = np.zeros(round(self.silence * RATE), np.float32)
        return np.concatenate([self.gain * spoken, silence]).astype(np.float32)


def parts(heard: st.SearchStrategy[float]) -> st.SearchStrategy[list[Part]]:
    """Lists of tones, at mixed rates, lengths and gains, with and without silence between."""
    part = st.builds(
        Part,
        text=st.sampled_from(TEXTS),
        sample_rate=st.sampled_from([16_000, 22_050, 24_000, 44_100, 48_000]),
        seconds=st.floats(0.1, 0.6),
        gain=st.floats(0.1, 1.0),
        silence=st.just(0.0) | st.floats(0.0, 0.2),
        heard=heard,
    )
    return st.lists(part, max_size=8)


def join(spoken: list[Part]) -> Samples:
    """All parts, one after the other."""
    return np.concatenate([np.zeros(0, np.float32), *(part.samples() for part in spoken)])


@settings(deadline=None, max_examples=50)
@given(parts(st.just(1.0)))
def test_whole_tones_are_heard_in_order(spoken: list[Part]) -> None:
    """Every text is heard as often as it was said, in order, across rates, gains and silences."""
    heard = hear(join(spoken), RATE, TEXTS)

    assert [(part.text, True) for part in spoken] == [(tone.text, tone.complete) for tone in heard]


@settings(deadline=None, max_examples=50)
@given(parts(st.just(1.0) | st.floats(0.0, 0.999)))
def test_cut_tones_are_never_complete(spoken: list[Part]) -> None:
    """What lost its end is not said to be complete, and hides none of its neighbours."""
    complete = [tone.text for tone in hear(join(spoken), RATE, TEXTS) if tone.complete]

    assert [part.text for part in spoken if part.is_whole] == complete


@settings(deadline=None, max_examples=50)
@given(parts(st.floats(0.0, 0.999)))
def test_cut_tones_are_not_taken_for_others(spoken: list[Part]) -> None:
    """A cut tone is heard as its own text or as none, never as another one."""
    heard = [tone.text for tone in hear(join(spoken), RATE, TEXTS) if tone.text]
    remaining = iter(part.text for part in spoken)

    assert all(text in remaining for text in heard)


@given(st.text(), st.sampled_from([16_000, 22_050, 24_000, 48_000]))
@settings(deadline=None, max_examples=50)
def test_any_text_can_be_said(text: str, sample_rate: int) -> None:
    """The code holds any text, and is read back at any rate."""
    heard = hear(tone(text, sample_rate=sample_rate), sample_rate, [text])

    assert [(text, True)] == [(tone.text, tone.complete) for tone in heard]


@given(st.integers(16_000, 96_000), st.floats(0.0, 2.0))
@settings(deadline=None, max_examples=50)
def test_tone_has_the_length_asked_for(sample_rate: int, seconds: float) -> None:
    """The length is right to 10 ms, but for the shortest ones."""
    length = len(tone("One.", sample_rate=sample_rate, seconds=seconds)) / sample_rate

    assert max(seconds, 0.13) == pytest.approx(length, abs=0.006)


def test_tone_is_cut_in_its_code() -> None:
    """Where the code is cut, the text is not known, and something was heard all the same."""
    (heard,) = hear(tone("One.")[: round(0.05 * RATE)], RATE, TEXTS)

    assert (None, False) == (heard.text, heard.complete)


def test_tone_is_cut_after_its_code() -> None:
    """Where only the rest is cut, the text is known, and partial."""
    (heard,) = hear(tone("One.")[: round(0.2 * RATE)], RATE, TEXTS)

    assert ("One.", False) == (heard.text, heard.complete)


def test_tone_without_its_start_is_partial() -> None:
    """What begins in the middle is heard, without a text."""
    (heard,) = hear(tone("One.")[round(0.2 * RATE) :], RATE, TEXTS)

    assert (None, False) == (heard.text, heard.complete)


def test_unexpected_text_has_no_name() -> None:
    """A whole tone that is none of the texts is complete, and without a text."""
    (heard,) = hear(tone("Something else."), RATE, TEXTS)

    assert (None, True) == (heard.text, heard.complete)


def test_gap_in_the_middle_is_not_complete() -> None:
    """Silence within a tone is a loss."""
    samples = tone("One.", seconds=0.5)
    samples[round(0.2 * RATE) : round(0.25 * RATE)] = 0.0

    assert not any(heard.complete for heard in hear(samples, RATE, TEXTS))


def test_fades_do_no_harm() -> None:
    """A fade of 8 ms at both ends leaves a tone complete."""
    samples = tone("One.")
    ramp = np.linspace(0, 1, round(0.008 * RATE), dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[-len(ramp) :] *= ramp[::-1]

    assert [True] == [heard.complete for heard in hear(samples, RATE, TEXTS)]


def test_times_are_those_of_the_tones() -> None:
    """Start and end are right to 5 ms."""
    samples = np.concatenate([np.zeros(RATE // 10, np.float32), tone("One.")])
    (heard,) = hear(samples, RATE, TEXTS)

    assert (0.1, 0.4) == pytest.approx((heard.start, heard.end), abs=0.005)


def test_noise_is_not_heard() -> None:
    """Neither silence nor noise holds a tone, and nothing holds none."""
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    complete = [
        tone.complete
        for samples in (noise, np.zeros(RATE, np.float32), noise[:0], noise[:10])
        for tone in hear(samples, RATE, TEXTS)
    ]

    assert not any(complete)


def test_symbols_join_without_a_click() -> None:
    """No step between two samples is larger than the highest tone makes."""
    samples = tone("One.", sample_rate=48_000)
    highest = AMPLITUDE * 2 * np.pi * 4_400 / 48_000

    assert np.abs(np.diff(samples)).max() <= highest


def test_white_space_makes_no_difference() -> None:
    """Texts are compared without the white space that segmentation moves about."""
    spellings = ["Two words.", "  Two words. ", "Two\n words."]

    assert all(
        np.array_equal(tone(first), tone(second)) for first, second in itertools.pairwise(spellings)
    )
