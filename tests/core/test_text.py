"""Tests of cutting text into segments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.text import is_speakable, split_segments


def test_each_sentence_is_a_segment() -> None:
    """Sentences are told apart, abbreviations are not taken for ends."""
    segments = split_segments("Dr. Smith is here. Is he? Yes!", "en")

    assert ["Dr. Smith is here.", "Is he?", "Yes!"] == [segment.text for segment in segments]


def test_offsets_lead_back_to_the_original() -> None:
    """Each segment knows where it stands in the caller's text."""
    text = "  One.  Two! "

    segments = split_segments(text, "en")

    assert ["One.", "Two!"] == [text[s.source.start : s.source.end] for s in segments]


@pytest.mark.parametrize("text", ["", "  \n", "...", "!?", "—", "🙂"])
def test_text_without_letter_or_digit_gives_no_segment(text: str) -> None:
    """There is nothing to say in blank text."""
    assert () == split_segments(text, "en")


def test_punctuation_between_sentences_stays_with_a_neighbour() -> None:
    """No segment is without a letter or digit."""
    segments = split_segments("One. ... Two.", "en")

    assert all(is_speakable(segment.text) for segment in segments)


def test_half_a_character_is_replaced() -> None:
    """A lone surrogate never reaches an engine."""
    (segment,) = split_segments("half \ud83d character", "en")

    assert "half \N{REPLACEMENT CHARACTER} character" == segment.text


@given(st.text(max_size=300), st.sampled_from(["en", "ja", "ar", "hi", "xx"]))
def test_every_letter_and_digit_is_in_exactly_one_segment(text: str, language: str) -> None:
    """Nothing that can be spoken is lost or doubled by the cutting."""
    segments = split_segments(text, language)

    kept = "".join(segment.source.text for segment in segments)
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]


@given(st.text(max_size=300))
def test_segments_do_not_overlap(text: str) -> None:
    """Offsets only grow."""
    segments = split_segments(text, "en")

    borders = [place for s in segments for place in (s.source.start, s.source.end)]
    assert sorted(borders) == borders
