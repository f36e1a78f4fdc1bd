"""Tests of what is read aloud of a cue, and who says it."""

# ruff: noqa: RUF001  # letters and marks of other alphabets are meant

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.dubbing.spoken_text import read_parts
from utterly.text import is_speakable

READ = {
    "plain": ("Hello,\nworld.", "Hello, world."),
    "styling": ("<i>Hello</i>, <font color='red'>world</font>.", "Hello, world."),
    "classes and times": ("<c.loud>Hello</c>, <00:00:01.000>world.", "Hello, world."),
    "entities": ("Salt &amp; pepper&nbsp;&lt;3", "Salt & pepper <3"),
    "less than": ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
    "readings": ("<ruby>漢字<rt>かんじ</rt></ruby>です", "漢字です"),
    "square brackets": ("[applause] Thanks. [door\nslams]", "Thanks."),
    "round brackets": ("(laughs) I (sniffs) can't.", "I can't."),
    "brackets within brackets": ("[a (b) [c] d] Yes.", "Yes."),
    "wide brackets": ("【拍手】はい（笑）", "はい"),
    "a bracket within a word": ("The person(s) in f(x).", "The person(s) in f(x)."),
    "an open bracket": ("Well [I say", "Well [I say"),
    "a song": ("♪ la la\nla ♪ Hello. ♫", ""),
    "a song and words": ("♪ la la\nla ♪\nHello.", "Hello."),
    "a song without an end": ("♪ la la\nHello.", "Hello."),
    "music alone": ("♪♪", ""),
    "dashes": ("- Hello.\n– Goodbye.", "Hello. Goodbye."),
    "a number below zero": ("-5 degrees.", "-5 degrees."),
    "marks alone": ("...", ""),
}


@pytest.mark.parametrize("case", READ)
def test_what_is_read(case: str) -> None:
    """Words, and neither markup nor what is only heard."""
    written, spoken = READ[case]

    assert spoken == " ".join(text for _speaker, text in read_parts(written))


TAGS = {
    "capitals": ("ANNA: Hello.", [("ANNA", "Hello.")]),
    "two in a cue": ("- ANNA: Hello.\n- BOB: Hi.", [("ANNA", "Hello."), ("BOB", "Hi.")]),
    "the second has no name": ("- ANNA: Hello.\n- Hi.", [("ANNA", "Hello."), ("", "Hi.")]),
    "two lines": ("ANNA: Hello,\nworld.", [("ANNA", "Hello, world.")]),
    "a name and how": ("OLD MAN (sighs): Hello.", [("OLD MAN", "Hello.")]),
    "broadcast": (">> ANNA: Hello.\n>> Hi.", [("ANNA", "Hello."), ("", "Hi.")]),
    "other alphabets": ("АННА: Привет.", [("АННА", "Привет.")]),
    "a sentence with a colon": ("He said: no.", [("", "He said: no.")]),
    "a time": ("AT 10:30 we go.", [("", "AT 10:30 we go.")]),
    "known": ("Zoe: Hello.", [("Zoe", "Hello.")]),
    "known, with a wide colon": ("小明：你好。", [("小明", "你好。")]),
    "voices": (
        "<v.loud Anna>Hello</v>, <v Bob>hi <i>there</i>.",
        [("Anna", "Hello"), ("Bob", "hi there.")],
    ),
    "voices between others": (
        "Oh. <v Anna>Hi.</v> Ah.",
        [("", "Oh."), ("Anna", "Hi."), ("", "Ah.")],
    ),
    "only a name": ("ANNA:", []),
    "only a name and a sound": ("ANNA: [laughs]", []),
}


@pytest.mark.parametrize("case", TAGS)
def test_who_says_it(case: str) -> None:
    """Names are not read aloud; those in small letters are names only where they are known."""
    written, parts = TAGS[case]

    assert parts == list(read_parts(written, speakers=["zoe", "小明"]))


def test_speaker_of_the_format_is_who_is_not_named() -> None:
    """ASS has a field for who speaks; what stands in the text counts for more."""
    parts = read_parts("- Hello.\n- BOB: Hi.\n- Bye.", "Anna")

    assert [("Anna", "Hello."), ("BOB", "Hi."), ("Anna", "Bye.")] == list(parts)


@given(st.text("aA1 :-\n<>v/[](){}♪&;.", max_size=60))
def test_whatever_is_read_can_be_spoken(written: str) -> None:
    """Each part has a letter or a digit, and no line ends."""
    parts = read_parts(written)

    assert all(is_speakable(text) and text == " ".join(text.split()) for _speaker, text in parts)
