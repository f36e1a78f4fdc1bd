"""Tests of cutting text into segments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.text import is_speakable, split_pieces, split_segments


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


@pytest.mark.parametrize(
    ("text", "language"),
    [("यह ७.५% कम है।", "hi"), ("দাম ১,২৩৪.৫৬ টাকা।", "bn"), ("ลดลง ๗.๕%", "th"), ("It is 7.5.", "en")],
)
def test_decimal_point_ends_no_sentence(text: str, language: str) -> None:
    """A number is spoken in one piece, whatever the digits."""
    assert [text] == [segment.text for segment in split_segments(text, language)]


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


PLAIN = "Dr. Smith is here. Is he? Yes!\n\nThe second paragraph. It ends."


def cut(text: str, places: list[int]) -> list[str]:
    """The same text in pieces."""
    borders = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[first:last] for first, last in pairwise(borders)]


@given(st.lists(st.integers(0, 100)))
def test_pieces_give_the_segments_of_the_whole(places: list[int]) -> None:
    """It makes no difference how the text arrives: segments and paragraphs are the same."""
    assert split_segments(PLAIN, "en") == tuple(split_pieces(cut(PLAIN, places), "en"))


def test_tokens_are_letters_at_the_least() -> None:
    """The smallest pieces there are give the same segments too."""
    assert split_segments(PLAIN, "en") == tuple(split_pieces(iter(PLAIN), "en"))


@given(
    st.text(max_size=200), st.lists(st.integers(0, 200)), st.sampled_from(["en", "ja", "ar", "xx"])
)
def test_every_letter_and_digit_of_pieces_is_in_exactly_one_segment(
    text: str, places: list[int], language: str
) -> None:
    """Nothing that can be spoken is lost or doubled, wherever the text was cut."""
    segments = list(split_pieces(cut(text, places), language))

    kept = "".join(segment.source.text for segment in segments)
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]
    assert [s.source.text for s in segments] == [
        text[s.source.start : s.source.end] for s in segments
    ]


@given(st.text(max_size=200), st.lists(st.integers(0, 200)))
def test_no_segment_of_pieces_is_unspeakable(text: str, places: list[int]) -> None:
    """An engine is never asked to say nothing."""
    assert all(is_speakable(segment.text) for segment in split_pieces(cut(text, places), "en"))


def test_sentence_comes_as_soon_as_the_next_one_begins() -> None:
    """The listener of a language model does not wait for its last token."""
    read: list[str] = []

    def tokens() -> Iterator[str]:
        for token in ["One", " is", " here.", " Two", " is not", ".", " Three."]:
            read.append(token)
            yield token

    assert "One is here." == next(split_pieces(tokens(), "en")).text
    assert ["One", " is", " here.", " Two"] == read


def test_blank_pieces_give_no_segment() -> None:
    """A model that says nothing is not an error."""
    assert [] == list(split_pieces(["", " ", "\n\n", "..."], "en"))


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("One. Two.", [True, False]),
        ("One.\nTwo.", [True, False]),
        ("One.\n\nTwo.", [True, True]),
        ("One.\n \t\nTwo.", [True, True]),
        ("One.\r\n\r\nTwo.", [True, True]),
        ("\n\nOne. Two.\n\n\n\nThree.\n\n", [True, False, True]),
        ("A heading\n\nOne. Two.", [True, True, False]),
    ],
)
def test_blank_line_begins_a_paragraph(text: str, starts: list[bool]) -> None:
    """The first segment begins one, and so does what follows a blank line."""
    assert starts == [segment.starts_paragraph for segment in split_segments(text, "en")]


@given(
    st.lists(st.lists(st.sampled_from(["One.", "Two!", "Three?"]), min_size=1), min_size=1),
    st.lists(st.integers(0, 500)),
)
def test_paragraphs_survive_any_cutting(paragraphs: list[list[str]], places: list[int]) -> None:
    """The blank line may arrive in two halves."""
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    segments = split_pieces(cut(text, places), "en")

    starts = [place == 0 for sentences in paragraphs for place in range(len(sentences))]
    assert starts == [segment.starts_paragraph for segment in segments]
