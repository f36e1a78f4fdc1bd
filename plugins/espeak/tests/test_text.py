"""Text that would do harm, or be taken for something else than text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly_espeak._text import LONGEST_WORD, MOST_ABBREVIATIONS, make_speakable


@given(st.text(alphabet=st.characters(codec=None)))
def test_offsets_lead_back(text: str) -> None:
    """Each character is where it was, or is replaced in its place."""
    speakable = make_speakable(text)
    back = [
        speakable.original_offset(offset)
        for offset in range(len(speakable.text))
        if offset not in speakable.breaks
    ]

    assert list(range(len(text))) == back


@given(st.text(alphabet=st.characters(codec=None)))
def test_nothing_of_a_letter_is_lost(text: str) -> None:
    """Letters and digits stay, but for circled ones, which become plain."""
    spoken = make_speakable(text).text.replace(" ", "")

    assert all(character in spoken for character in text if character.isalnum())


def test_stops_of_too_many_abbreviations_become_spaces() -> None:
    """Spelled out in one clause, they are longer than the library's buffers."""
    few, many = "z.B. " * MOST_ABBREVIATIONS, "z.B. " * (MOST_ABBREVIATIONS + 1)

    assert (few, many.replace("z.B", "z B")) == (
        make_speakable(few).text,
        make_speakable(many).text,
    )


@pytest.mark.parametrize("character", ["\0", "\x01", "\x1b", "\x7f", "\x85", "\ud800", "\ue000"])
def test_controls_become_spaces(character: str) -> None:
    """A NUL would cut the text, another starts a command, a surrogate cannot be encoded."""
    assert "a b" == make_speakable(f"a{character}b").text


@given(st.integers(1, 500))
def test_words_beyond_measure_are_broken(length: int) -> None:
    """No run of characters is longer than the library can take."""
    pieces = make_speakable("a" * length).text.split(" ")

    assert max(map(len, pieces)) <= LONGEST_WORD
    assert "a" * length == "".join(pieces)


@pytest.mark.parametrize(
    "text",
    [
        "before\0after",
        "\x01 50P hello",
        "\ud800\udfff hello",
        "😀 👍🏽 👨‍👩‍👧 🇫🇷",
        "\u202eevitcepsrep\u202c hello",
        "e" + "\u0301" * 500,
        "a" * 10_000,
        "\ufeff\ufffe\uffff hello",
        "&amp; &#65; <b>bold</b>",
    ],
    ids=["nul", "command", "surrogates", "emoji", "rtl", "zalgo", "long", "marks", "entities"],
)
def test_hostile_text_is_spoken(say: Any, text: str) -> None:
    """It neither raises nor is it silent."""
    assert say(text).level > -45


def test_nothing_is_cut_off_at_a_nul(say: Any) -> None:
    """What comes after it is spoken too."""
    words = [word.text for word in say("one\0two three").words]

    assert "three" == words[-1]


def test_markup_is_only_text(say: Any) -> None:
    """Tags are read out, not obeyed."""
    plain = say("Hello.").duration

    assert say("<speak>Hello.</speak>").duration > 2 * plain


def test_phoneme_brackets_are_only_text(say: Any) -> None:
    """`[[...]]` is spoken as the letters in it."""
    assert say("[[hello]]").words[0].text == "hello"


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        ("en-us", "s'" * 220),
        ("vi", "`"),
        ("te", "ⓜ"),
        ("pa", "Ⓜꏤ"),
        ("ti", "⣼"),
        ("si", "[ආයුබෝවන්] " + "ආයුබෝවන් " * 30),
        ("de", "🤞 🤟 🤠"),
        ("ti", "🕉 " + "ab " * 85),
        ("ar", "⣿"),
        ("ka", "1." * 200),
    ],
)
def test_text_that_kills_the_library_does_not(run_python: Any, voice: str, text: str) -> None:
    """Without `make_speakable` each of these ends the process."""
    program = (
        "import utterly_espeak as e; from utterly import Context, SpeechRequest;"
        f"s = e.EspeakSettings(); m = e.load(s); r = SpeechRequest({text!r}, voice={voice!r});"
        "list(e.synthesize(s, m, r, Context())); print('alive')"
    )

    assert "alive\n" == run_python(program).stdout


def test_blank_text_is_silence(say: Any) -> None:
    """There is nothing to say, and nothing goes wrong."""
    assert not re.search(r"\w", "... —")
    assert say("... —").level < -60
