"""Tests of cutting text into segments."""

# ruff: noqa: RUF001  # punctuation of other scripts is meant
from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.text import LONGEST_SEGMENT, is_speakable, split_pieces, split_segments


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
        ("One.\r\nTwo.", [True, False]),
        ("One.\r\rTwo.", [True, True]),
        ("One.\u2028Two.\u2028\u2028Three.", [True, False, True]),
        ("One.\u2029Two.", [True, True]),
        ("One.\fTwo.\n\fThree.", [True, False, True]),
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


HOSTILE = st.text(
    st.sampled_from(
        [
            *"aZ0é猫แม่नमस्तेשلا한글ﬁ.!?…。।؟,;:、，()[]「」\"'«»*-—/@#\\ \t\n\r\f\0\x1b\x85",
            *"\u0301\u200b\u200d\u200c\u202e\u2028\u2029\ufeff\xad\ufe0f\u3164\ufb2c\ud800🙂👨👩🇩🇪",
        ]
    )
    | st.characters(),
    max_size=300,
)
"""Everything that text has been seen to break on, and anything else."""

LIMITS = st.integers(3, 60) | st.none()
LANGUAGES = st.sampled_from(["en", "de", "ja", "ar", "hi", "th", "el", "xx", "zh-Hant-TW", ""])
_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters to Unicode, but invisible."""


def speakable(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(c for c in text if c.isalnum() and c not in _FILLERS)


@given(HOSTILE, LANGUAGES, LIMITS)
def test_segments_are_whole_in_order_and_short_enough(
    text: str, language: str, longest: int | None
) -> None:
    """Nothing that can be spoken is lost or doubled, and every engine can take every segment."""
    segments = split_segments(text, language, longest)

    sources = [segment.source for segment in segments]
    assert speakable(text) == speakable("".join(source.text for source in sources))
    assert [text[source.start : source.end] for source in sources] == [s.text for s in sources]
    borders = [place for source in sources for place in (source.start, source.end)]
    assert sorted(borders) == borders
    assert all(len(segment.text) <= (longest or LONGEST_SEGMENT) for segment in segments)
    assert all(is_speakable(segment.text) for segment in segments)


@given(HOSTILE, st.lists(st.integers(0, 300)), LANGUAGES, LIMITS)
def test_pieces_make_no_difference(
    text: str, places: list[int], language: str, longest: int | None
) -> None:
    """Whatever it is, it is cut alike however it arrives."""
    whole = split_segments(text, language, longest)

    assert whole == tuple(split_pieces(cut(text, places), language, longest))
    assert whole == tuple(split_pieces(iter(text), language, longest))


@given(HOSTILE, LANGUAGES, LIMITS)
def test_what_is_spoken_is_plain_text(text: str, language: str, longest: int | None) -> None:
    """Engines see composed characters, one line, no controls and no half characters."""
    spoken = "".join(segment.text for segment in split_segments(text, language, longest))

    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(character) for character in spoken}


@pytest.mark.parametrize(
    "text",
    ["word " * 200_000, "a" * 1_000_000, "猫" * 1_000_000, "one, two, " * 100_000],
    ids=["words", "one word", "ideographs", "clauses"],
)
def test_a_megabyte_without_a_full_stop_is_cut(text: str) -> None:
    """It is neither lost nor waited for as a whole."""
    segments = split_segments(text, "en")

    assert speakable(text) == speakable("".join(segment.source.text for segment in segments))
    assert LONGEST_SEGMENT >= max(len(segment.text) for segment in segments)


def test_segment_of_text_without_end_comes_before_the_end() -> None:
    """A model that never writes a full stop is heard all the same."""

    def words() -> Iterator[str]:
        while True:
            yield "word "

    assert next(split_pieces(words(), "en")).text.startswith("word word")


@pytest.mark.parametrize(
    ("text", "longest", "parts"),
    [
        ("One two three, four five six.", 20, ["One two three,", "four five six."]),
        ("eins zwei drei， vier fünf sechs", 20, ["eins zwei drei，", "vier fünf sechs"]),
        ("猫が寝て、犬が走り、鳥が飛ぶ", 8, ["猫が寝て、", "犬が走り、", "鳥が飛ぶ"]),
        ("one two three four five six", 16, ["one two three", "four five six"]),
        ("It is 1,000,000 or more", 14, ["It is", "1,000,000", "or more"]),
        ("abcdefghij", 6, ["abcde", "fghij"]),
        ("e\u0301" * 4, 4, ["éé", "éé"]),
        ("👨‍👩‍👧a👨‍👩‍👧b", 7, ["👨‍👩‍👧a", "👨‍👩‍👧b"]),
        ("a" + "\u0323" * 9, 4, ["ạ\u0323\u0323"]),
    ],
)
def test_long_sentence_is_broken_at_the_best_place(
    text: str, longest: int, parts: list[str]
) -> None:
    """At the end of a clause, else of a word, else of a character; parts are of like length."""
    assert parts == [segment.text for segment in split_segments(text, "en", longest)]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("One\r\ntwo\tthree", "One two three"),
        ("\ufeffA\u200bB\xadC\u202eD\u2066E", "ABCDE"),
        ("red\x1b[31m\0end", "red [31m end"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("1 ❤\ufe0f 👨\u200d👩", "1 ❤\ufe0f 👨\u200d👩"),
        ("2⁵ ﬁ ①", "2⁵ ﬁ ①"),
        ("10\u202f000", "10\u202f000"),
    ],
)
def test_text_is_normalised(text: str, spoken: str) -> None:
    """What cannot be spoken goes, what a script needs stays, and nothing is reinterpreted."""
    (segment,) = split_segments(text, "en")

    assert (spoken, text) == (segment.text, segment.source.text)


def test_line_break_alone_ends_no_sentence() -> None:
    """Wrapped lines are one sentence; so are the lines of a list without marks, or of verse."""
    assert ["Milk Eggs Bread"] == [s.text for s in split_segments("Milk\nEggs\nBread", "en")]


def test_items_of_a_list_are_segments() -> None:
    """Where lines are marked as items, the library says so."""
    segments = split_segments("- Milk\n- Eggs\n- Bread", "en")

    assert ["- Milk", "- Eggs", "- Bread"] == [segment.text for segment in segments]


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.org/A.B?c=d.E#f for more.",
        "Mail A.B@example.Org today.",
        "It costs 3.50 or 1.234.567,89.",
        "The U.S. Army, e.g. in Washington D.C. today.",
        "J. R. R. Tolkien wrote it.",
    ],
)
def test_dots_inside_a_sentence_do_not_end_it(text: str) -> None:
    """Addresses, numbers and abbreviations stay whole."""
    assert [text] == [segment.text for segment in split_segments(text, "en")]


def test_german_date_stays_whole_letter_by_letter() -> None:
    """Whether "3." ends a sentence is known only from the whole next word."""
    text = "Am 3. März ist es so weit. Am 3. Mann war Schluss."

    assert "Am 3. März ist es so weit." == next(split_pieces(iter(text), "de")).text
