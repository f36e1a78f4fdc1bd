"""Tests of subtitle files, read back by the libraries that others read them with."""

from __future__ import annotations

import string
from html import unescape

import pysubs2
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from utterly import SpokenSegment
from utterly.subtitles import make_cues, to_srt, to_vtt

HOUR = 3600.0


def speak(*texts: str, start: float = 0.0) -> list[SpokenSegment]:
    """Segments of three seconds, one after the other."""
    return [
        SpokenSegment(text, start + 3.0 * place, start + 3.0 * place + 2.5, "first", "anna")
        for place, text in enumerate(texts)
    ]


def seconds(time: webvtt.models.Timestamp) -> float:
    """A time as it stands in a file."""
    hours, minutes, whole, milliseconds = time.to_tuple()
    return (hours * 60 + minutes) * 60 + whole + milliseconds / 1000


def test_srt_is_written_as_players_expect_it() -> None:
    """A number, the times, the lines, and a blank line between cues."""
    segments = speak("One.", "He looked everywhere, yet he could not find it.")

    assert to_srt(segments) == (
        "1\n00:00:00,000 --> 00:00:02,500\nOne.\n"
        "\n"
        "2\n00:00:03,000 --> 00:00:05,500\nHe looked everywhere,\nyet he could not find it.\n"
    )


def test_vtt_is_written_as_the_standard_says() -> None:
    """The header, then the times and the lines of each cue."""
    assert to_vtt(speak("One.", "Two.")) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nOne.\n\n00:00:03.000 --> 00:00:05.500\nTwo.\n"
    )


def test_silence_gives_a_file_without_cues() -> None:
    """Nothing was said, and that is no error."""
    assert ("", "WEBVTT\n") == (to_srt([]), to_vtt([]))


@pytest.mark.parametrize(
    ("start", "written"), [(27 * HOUR + 61.5, "27:01:01,500"), (123 * HOUR, "123:00:00,000")]
)
def test_long_speech_has_as_many_hours_as_it_takes(start: float, written: str) -> None:
    """A library of audio books may go on for a hundred hours."""
    assert f"\n{written} --> " in to_srt(speak("One.", start=start))


@pytest.mark.parametrize(
    "text",
    [
        "1 < 2 & 3 > 2",
        "<b>not bold</b>",
        "from --> to",
        "&amp; is an entity",
        "a blank\n\n\n1\n00:00:00.000 --> 00:00:01.000\nline",
        "WEBVTT",
        "NOTE to myself",
    ],
)
def test_vtt_text_is_never_taken_for_markup(text: str) -> None:
    """A reader shows what was spoken."""
    (caption,) = webvtt.from_string(to_vtt(speak(text))).captions

    assert text.split() == unescape(caption.text).split()


@pytest.mark.parametrize(
    "text", ["<b>not bold</b>", "<!-- no comment -->", r"{\an8} at the top", "5 --> 6", "a < b"]
)
def test_srt_text_is_never_taken_for_markup(text: str) -> None:
    """SRT has no escapes, so what looks like a tag is taken apart by what cannot be seen."""
    (event,) = pysubs2.SSAFile.from_string(to_srt(speak(text)), format_="srt")

    assert text.split() == event.text.replace("\N{WORD JOINER}", "").replace(r"\N", " ").split()


@pytest.mark.parametrize("markup", ["<b", "</b", "<!--", "-->", "{\\an8}"])
def test_srt_text_has_no_markup(markup: str) -> None:
    """What a player might look for is not in the file."""
    (_number, _times, line) = to_srt(speak(f"say {markup} now")).splitlines()

    assert markup not in line


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    """Half a character and a zero byte have no place in a file."""
    assert "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}" in to_vtt(speak("a\0b\ud83d"))


texts = st.lists(st.text(min_size=1, max_size=200), max_size=4)
plain = st.lists(st.text(string.ascii_letters + " ,.?\n", max_size=200), max_size=4)


@given(texts)
def test_vtt_round_trip(spoken: list[str]) -> None:
    """Times and lines come back from webvtt-py as they went out, whatever was spoken."""
    segments = speak(*(text.replace("\0", "") for text in spoken))
    captions = webvtt.from_string(to_vtt(segments)).captions

    assert [(cue.start, cue.end, "\n".join(cue.lines)) for cue in make_cues(segments)] == [
        (seconds(c.start_time), seconds(c.end_time), unescape(c.text)) for c in captions
    ]


@given(plain)
def test_srt_round_trip(spoken: list[str]) -> None:
    """Times and lines come back from pysubs2 as they went out."""
    segments = speak(*spoken)
    events = pysubs2.SSAFile.from_string(to_srt(segments), format_="srt")

    assert [(cue.start, cue.end, "\\N".join(cue.lines)) for cue in make_cues(segments)] == [
        (event.start / 1000, event.end / 1000, event.text) for event in events
    ]
