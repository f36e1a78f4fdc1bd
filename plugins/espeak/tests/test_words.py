"""Word timings."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import Word
from utterly_espeak._words import WordTracker


def _track(text: str, *events: tuple[int, float], end: float) -> list[Word]:
    tracker = WordTracker(text)
    words = [word for event in events for word in tracker.follow(*event)]
    return words + list(tracker.finish(end))


def test_a_word_ends_where_the_next_begins() -> None:
    """The last one ends with the audio."""
    words = _track("Hello, world.", (0, 0.0), (7, 0.5), end=1.2)

    assert [Word("Hello", 0.0, 0.5), Word("world", 0.5, 1.2)] == words


def test_events_within_a_number_are_one_word() -> None:
    """The library announces each of its parts."""
    words = _track("of 1,234 things", (0, 0.0), (3, 0.1), (4, 0.6), (5, 0.9), (9, 1.5), end=2.0)

    assert ["of", "1,234", "things"] == [word.text for word in words]


def test_words_spoken_as_one_share_the_time() -> None:
    """The library announces "of the" once."""
    words = _track("of the sea", (0, 0.0), (7, 0.5), end=1.0)

    assert ["of", "the", "sea"] == [word.text for word in words]
    assert 0.2 == pytest.approx(words[0].end)


def test_scripts_without_spaces_are_cut_by_the_library() -> None:
    """Nothing else tells their words apart."""
    words = _track("世界很好。", (0, 0.0), (1, 0.3), (2, 0.6), end=1.2)

    assert ["世", "界", "很好"] == [word.text for word in words]


def test_a_sign_that_is_spoken_is_a_word() -> None:
    """The library speaks the names of some."""
    words = _track("and / or", (0, 0.0), (4, 0.5), (6, 1.0), end=1.5)

    assert ["and", "/", "or"] == [word.text for word in words]


def test_a_sign_that_is_silent_is_none() -> None:
    """A dash between words belongs to neither."""
    words = _track("yes — no", (0, 0.0), (6, 0.5), end=1.0)

    assert ["yes", "no"] == [word.text for word in words]


@given(
    st.text(),
    st.lists(st.tuples(st.integers(0, 40), st.floats(0, 9)), max_size=20),
)
def test_words_are_in_order_whatever_the_events(text: str, events: list[tuple[int, float]]) -> None:
    """Times never run backwards, and each word stands in the text."""
    in_time = sorted(events, key=lambda event: event[1])
    words = _track(text, *in_time, end=10.0)

    assert all(first.end <= second.start for first, second in pairwise(words))
    assert all(0 <= word.start <= word.end <= 10 and word.text in text for word in words)


_ENGLISH = (
    "Dr. Smith didn't go to the well-known market in the end: it was 10:30, and of the 1,234"
    " apples (at $5.50 each) none were left."
)


def test_covers_every_word_of_an_english_text(say: Any) -> None:
    """What stands between spaces, without the punctuation around it."""
    expected = [piece.strip(".,:()") for piece in _ENGLISH.split()]

    assert expected == [word.text for word in say(_ENGLISH).words]


@pytest.mark.parametrize(("speed", "pitch"), [(1.0, 0.0), (0.5, 0.0), (2.0, 0.0), (1.0, 12.0)])
def test_times_are_within_the_audio(say: Any, speed: float, pitch: float) -> None:
    """They rise, and the last word ends with the audio."""
    spoken = say(_ENGLISH, speed=speed, pitch=pitch)

    assert all(first.end <= second.start for first, second in pairwise(spoken.words))
    assert spoken.words[-1].end == pytest.approx(spoken.duration)


def test_times_are_where_the_words_are_heard(say: Any) -> None:
    """A pause before a word is seen in the samples just before its time."""
    spoken = say("Hello, world. Again.")
    again = round(spoken.words[-1].start * 22_050)

    assert abs(spoken.samples[again - 2_000 : again - 100]).max() < 0.01
    assert abs(spoken.samples[again : again + 4_000]).max() > 0.05


def test_words_come_with_the_audio(say: Any) -> None:
    """They do not wait for the end."""
    chunks = say(_ENGLISH).chunks

    assert sum(bool(chunk.words) for chunk in chunks) > 5


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("hi", "नमस्ते दुनिया।", ["नमस्ते", "दुनिया"]),
        ("ar", "مرحبا بالعالم، هذا اختبار", ["مرحبا", "بالعالم", "هذا", "اختبار"]),
        ("ru", "Привет, мир!", ["Привет", "мир"]),
        ("de", "Das ist „gut“.", ["Das", "ist", "gut"]),
    ],
)
def test_covers_other_scripts(say: Any, language: str, text: str, words: list[str]) -> None:
    """Offsets count characters, not bytes."""
    spoken = say(text, voice=language, language=language)

    assert words == [word.text for word in spoken.words]
