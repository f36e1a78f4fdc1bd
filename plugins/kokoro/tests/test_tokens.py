"""Words and phonemes: found for each other, and laid out for the network."""

# ruff: noqa: RUF001  # phonetic letters, and punctuation of other scripts
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly_kokoro._alignment import align, split_clauses, spoken_words
from utterly_kokoro._tokens import MOST_PHONEMES, Token, keep_known, lay_out, split_tokens

_PHONEMES = st.text(alphabet="abɹˈ.,!— ", min_size=1, max_size=30).filter(
    lambda text: text.strip(" ") == text
)
_TOKENS = st.lists(
    st.builds(Token, st.just("x"), _PHONEMES | _PHONEMES.map(lambda text: text * 40), st.booleans())
)


def _without_spaces(tokens: list[Token]) -> str:
    return lay_out(tokens).replace(" ", "")


@given(_TOKENS, st.booleans())
def test_no_phoneme_is_dropped(tokens: list[Token], awaited: bool) -> None:
    """Phonemes in equal phonemes out, and each piece fits into the network."""
    pieces = list(split_tokens(tokens, awaited=awaited))

    assert _without_spaces(tokens) == "".join(map(_without_spaces, pieces))
    assert all(0 < len(lay_out(piece)) <= MOST_PHONEMES for piece in pieces)


def test_short_text_is_one_piece() -> None:
    """Its melody is that of a whole sentence."""
    tokens = [Token("hello", "həlˈO,"), Token("world", "wˈɜɹld.")]

    assert [tokens] == list(split_tokens(tokens))


def test_breaks_at_the_end_of_a_sentence() -> None:
    """Where enough was said, and enough is left."""
    sentence = [Token("word", "wˈɜɹd")] * 30 + [Token("word", "wˈɜɹd.")]
    pieces = list(split_tokens(sentence * 4))

    assert [31, 31, 31, 31] == list(map(len, pieces))


def test_breaks_at_a_comma_where_no_sentence_ends() -> None:
    """Nobody takes a breath in the middle of a phrase."""
    phrase = [Token("word", "wˈɜɹd")] * 59 + [Token("word", "wˈɜɹd,")]
    pieces = list(split_tokens(phrase * 3))

    assert all("," == piece[-1].phonemes[-1] for piece in pieces)


PHRASE = [Token("word", "wˈɜɹd")] * 5 + [Token("word", "wˈɜɹd,")]


def test_first_phrase_comes_alone_where_somebody_waits() -> None:
    """Each one after it may be half as long again: it is ready in time."""
    pieces = list(split_tokens(PHRASE * 12, awaited=True))
    lengths = [len(lay_out(piece)) for piece in pieces]

    assert [36, 36, 73, 110, 184] == lengths


def test_short_sentence_is_whole_also_where_somebody_waits() -> None:
    """There is nothing to be gained."""
    assert [PHRASE] == list(split_tokens(PHRASE, awaited=True))


def test_phrase_is_not_broken_where_somebody_waits() -> None:
    """It would be heard."""
    phrase = [Token("word", "wˈɜɹd")] * 20 + [Token("word", "wˈɜɹd.")]

    assert [phrase] == list(split_tokens(phrase, awaited=True))


def test_halves_are_even() -> None:
    """Of two that are both long enough, neither is left with the crumbs."""
    first, second = split_tokens(PHRASE * 7)

    assert (24, 18) == (len(first), len(second))


def test_last_piece_is_not_too_short() -> None:
    """The network speaks a few phonemes badly."""
    pieces = list(split_tokens([Token("a", "a")] * 260))

    assert 2 == len(pieces)
    assert all(len(lay_out(piece)) >= 100 for piece in pieces)


def test_word_that_is_too_long_is_cut() -> None:
    """The first part has its text, so that it is told once."""
    pieces = list(split_tokens([Token("word", "a" * 1200)]))

    assert ["word", "", ""] == [token.text for piece in pieces for token in piece]


def test_unknown_phonemes_are_left_out() -> None:
    """And tokens of nothing else, so that durations fit."""
    tokens = [Token("a", "a¿b"), Token("b", "¿")]

    assert [Token("a", "ab")] == keep_known(tokens, frozenset("ab"))


@given(st.text())
def test_clauses_are_the_text(text: str) -> None:
    """Nothing is lost between them."""
    assert text == "".join(split_clauses(text))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("One, two. Three", ["One, ", "two. ", "Three"]),
        ("It is 3.14, they say.", ["It is 3.14, ", "they say."]),
        ("一、二。三", ["一、", "二。", "三"]),
        ("He said “No.” She left.", ["He said “No.” ", "She left."]),
    ],
)
def test_clauses_end_at_punctuation(text: str, clauses: list[str]) -> None:
    """But not within a number."""
    assert clauses == split_clauses(text)


def test_equal_counts_are_paired() -> None:
    """The ordinary case."""
    assert [("un", "ˈœ̃"), ("chat", "ʃˈa.")] == [
        (token.text, token.phonemes) for token in align(["un", "chat"], "ˈœ̃ ʃˈa.")
    ]


def test_words_that_are_spoken_as_one() -> None:
    """They share its phonemes, and their neighbours keep theirs."""
    tokens = align(["end", "of", "the", "world"], "ˈɛnd ʌvðə wˈɜːld")

    assert ["end", "of the", "world"] == [token.text for token in tokens]


def test_number_that_is_spoken_as_several_words() -> None:
    """It has all of them."""
    tokens = align(["costs", "1234", "euros"], "kˈɔsts wˈʌn θˈaʊzənd tˈuː hˈʌndɹəd jˈʊɹoʊz")

    assert ["costs", "1234", "euros"] == [token.text for token in tokens]
    assert "wˈʌn" == tokens[1].phonemes.split()[0]


@given(st.lists(st.sampled_from(["a", "long", "wonderful", "12"]), max_size=9), _PHONEMES)
def test_aligning_loses_nothing(words: list[str], phonemes: str) -> None:
    """Every word and every phoneme is there once, in order."""
    tokens = align(words, phonemes)

    assert "".join(phonemes.split()) == "".join("".join(t.phonemes.split()) for t in tokens)
    if tokens and words:
        assert words == [word for token in tokens for word in token.text.split()]


def test_spoken_words_have_no_punctuation_around_them() -> None:
    """Within them it stays."""
    assert ["don't", "3.14", "x"] == spoken_words(["\"don't", "—", "3.14,", "(x)"])
