"""Nothing that a caller says can change the message, only what is spoken."""

from __future__ import annotations

import re
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.servers.edge import EdgeServer

from utterly import SpeechRequest, UnsupportedError, Voice
from utterly_edge._prosody import Prosody
from utterly_edge._text import LONGEST_PIECE, clean, escaped_length, is_silent, split
from utterly_edge._voices import choose_voice, full_name, read_voices, shipped_voices

MARKUP = "Hello <voice name='other'>&amp; world</voice> \"quoted\" & more."


@pytest.mark.parametrize(
    "voice",
    [
        "en-US-x'/><voice name='evilNeural",
        "en-US-GuyNeural\n",
        "en-US-GuyNeural'",
        "Microsoft Server Speech Text to Speech Voice (en-US, GuyNeural)",
    ],
)
def test_strange_voice_reaches_nobody(say: Any, server: EdgeServer, voice: str) -> None:
    """Only what is in the list can be asked for."""
    with pytest.raises(UnsupportedError):
        say("Hello.", voice=voice)

    assert 0 == server.connections


def test_markup_is_text(say: Any, server: EdgeServer) -> None:
    """The server finds one voice, one prosody, and the text in it."""
    say(MARKUP)

    assert [MARKUP] == [spoken.text for spoken in server.spoken]


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff", "\x7f"])
def test_characters_that_xml_lacks_are_left_out(
    say: Any, server: EdgeServer, character: str
) -> None:
    """The rest is spoken, and parsed by the server."""
    say(f"one{character}two")

    assert 1 == len(server.spoken)


@given(
    st.floats(allow_nan=False),
    st.floats(allow_nan=False),
    st.sampled_from(["female", "male", "", "<x>"]),
)
def test_prosody_is_numbers_within_limits(speed: float, pitch: float, gender: str) -> None:
    """Whatever is asked for."""
    voice = Voice("a", ("en",), gender=gender)
    prosody = Prosody.of(SpeechRequest("a", speed=speed, pitch=pitch), voice)

    assert -50 <= prosody.rate <= 100
    assert -100 <= prosody.pitch <= 200
    assert all(re.fullmatch(r"[+-]\d{1,3}(%|Hz)", v) for v in prosody.arguments().values())


@pytest.mark.parametrize(
    ("asked", "rate", "pitch"),
    [
        ({}, "+0%", "+0Hz"),
        ({"speed": 2.0}, "+100%", "+0Hz"),
        ({"speed": 0.5}, "-50%", "+0Hz"),
        ({"pitch": 12.0}, "+0%", "+200Hz"),
        ({"pitch": -12.0}, "+0%", "-100Hz"),
    ],
)
def test_prosody_reaches_the_service(
    say: Any, server: EdgeServer, asked: dict[str, float], rate: str, pitch: str
) -> None:
    """In its own units; volume is ours."""
    say("Hello.", voice="en-US-AriaNeural", volume=0.5, **asked)
    spoken = server.spoken[0]

    assert (rate, pitch, "+0%") == (spoken.rate, spoken.pitch, spoken.volume)


@given(st.text(alphabet=st.characters(codec=None)), st.integers(8, 60))
def test_pieces_fit_and_lose_nothing(text: str, longest: int) -> None:
    """Whatever the script: with spaces or without, with `&` or without."""
    cleaned = clean(text)
    pieces = list(split(cleaned, longest))
    gaps, reached = [], 0
    for piece in pieces:
        gaps.append(cleaned[reached : piece.start])
        reached = piece.start + len(piece.text)
    gaps.append(cleaned[reached:])

    assert len(text) == len(cleaned)
    assert all(escaped_length(piece.text) <= longest for piece in pieces)
    assert all(cleaned.startswith(piece.text, piece.start) for piece in pieces)
    assert all(map(is_silent, gaps))


@pytest.mark.parametrize(
    "text",
    ["中文没有空格" * 300, "a" * 5_000, "&" * 1_200, "😀" * 1_500 + "a"],
    ids=["Chinese", "letters", "&", "emoji"],
)
def test_no_message_is_too_long(say: Any, server: EdgeServer, text: str) -> None:
    """The library's own limit would let these pass whole; every letter arrives."""
    say(text, speed=2.0, settings={"answer_seconds": 30})  # so long for the server to make it
    sent = [spoken.text for spoken in server.spoken]

    assert 1 < len(sent)
    assert max(len(escape(piece).encode()) for piece in sent) <= LONGEST_PIECE
    assert text == "".join(sent)


def test_cuts_after_a_sentence_where_there_is_one() -> None:
    """Then after a clause, then after a word."""
    assert ["One two. ", "Three four."] == [p.text for p in split("One two. Three four.", 15)]
    assert ["One two, ", "three four."] == [p.text for p in split("One two, three four.", 15)]
    assert ["One two ", "three four"] == [p.text for p in split("One two three four", 10)]


def test_punctuation_alone_reaches_nobody(say: Any, server: EdgeServer) -> None:
    """The service has no audio for it: a moment of silence is right."""
    spoken = say('?!... -- "(*)"')

    assert (0, 0.0) == (server.connections, abs(spoken.samples).max())


def test_every_shipped_voice_is_known_to_the_library() -> None:
    """Its full name passes the library's check, which the short form of some does not."""
    from edge_tts.data_classes import TTSConfig

    for voice in shipped_voices():
        name = full_name(voice)
        assert name == TTSConfig(name, "+0%", "+0%", "+0Hz", "WordBoundary").voice


def test_odd_voices_of_a_list_are_left_out() -> None:
    """Names go into the message: only those of the known form are taken in."""
    good = {"ShortName": "en-US-NewNeural", "Locale": "en-US", "Gender": "Female"}
    odd = [
        {"ShortName": "en-US-x'/><voiceNeural", "Locale": "en-US"},
        {"ShortName": "en-US-NewNeural\n", "Locale": "en-US"},
        {"ShortName": "en-US-NewNeural", "Locale": "en-US'"},
        {"Locale": "en-US"},
        "en-US-NewNeural",
        None,
    ]

    assert ("en-US-NewNeural",) == tuple(voice.id for voice in read_voices([good, *odd]))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "en-US-EmmaMultilingualNeural"),
        ("en-GB", "en-GB-SoniaNeural"),
        ("en-XX", "en-US-EmmaMultilingualNeural"),
        ("zh_TW", "zh-TW-HsiaoChenNeural"),
        ("fil", "fil-PH-BlessicaNeural"),
    ],
)
def test_language_has_its_first_voice(language: str, expected: str) -> None:
    """The very accent, else the first of the language."""
    assert expected == choose_voice(shipped_voices(), "default", language).id
