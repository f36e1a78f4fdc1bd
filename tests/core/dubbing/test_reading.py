"""Tests of reading subtitle files: what is mended, what is told, what is refused."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from utterly import SubtitleError, UtterlyError
from utterly.dubbing import Script, ScriptCue, read_script

Read = Callable[..., Script]

TWO = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:03,000 --> 00:00:04,500\nTwo.\n"
EVENT = "Dialogue: 0,0:00:01.00,0:00:02.50,Default,{name},0,0,0,,{text}"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file, and read it."""

    def read_file(data: str | bytes, name: str = "film.srt", **options: Any) -> Script:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return read_script(path, **options)

    return read_file


def texts(script: Script) -> list[str]:
    """What is read aloud of each cue."""
    return [cue.text for cue in script.cues]


def times(script: Script) -> list[tuple[float, float]]:
    """From when to when each cue is shown."""
    return [(cue.start, cue.end) for cue in script.cues]


def told(script: Script) -> list[str]:
    """What was mended."""
    return [str(repair) for repair in script.repairs]


def test_good_file_is_read_without_a_word(read: Read) -> None:
    """Times, texts, numbers, and the lines of the file."""
    script = read(TWO)

    assert (["One.", "Two."], [(1.0, 2.0), (3.0, 4.5)], []) == (
        texts(script),
        times(script),
        told(script),
    )
    assert ([(1, 2), (2, 6)], 4.5) == ([(c.number, c.line) for c in script.cues], script.end)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\r\r\n"], ids=["CRLF", "CR", "CRCRLF"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_ends_and_byte_order_marks_are_nothing_to_speak_of(
    read: Read, end: str, encoding: str
) -> None:
    """Every system has its own, and none is wrong."""
    script = read(TWO.replace("One", "Größe 猫").replace("\n", end).encode(encoding))

    assert (["Größe 猫.", "Two."], []) == (texts(script), told(script))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_without_its_mark(read: Read, encoding: str) -> None:
    """By its zeros; it is told."""
    script = read(TWO.replace("One", "Größe").encode(encoding))

    assert (["Größe.", "Two."], ["it is UTF-16 without a byte order mark"]) == (
        texts(script),
        told(script),
    )


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_other_encodings_are_read_as_western(read: Read, encoding: str) -> None:
    """The first line that is no UTF-8 is named."""
    script = read(TWO.replace("Two", "Déjà vu").encode(encoding))

    assert ["One.", "Déjà vu."] == texts(script)
    assert told(script)[0].startswith("line 7: it is not UTF-8 and was read as cp1252")


def test_bytes_that_windows_does_not_have_are_latin_1(read: Read) -> None:
    """Any bytes are some text in the end."""
    script = read(TWO.encode().replace(b"One", b"\xe9\x81"))

    assert "é\x81." == script.cues[0].text


def test_encoding_that_is_named_is_believed(read: Read) -> None:
    """Cyrillic of old is not found out, but can be named; bad bytes are replaced and told."""
    data = TWO.replace("One", "Привет").encode("cp1251")

    assert ["Привет.", "Two."] == texts(read(data, encoding="cp1251"))
    assert told(read(data, encoding="utf-8")) == [
        "line 3: it is not UTF-8 throughout; bad bytes were replaced"
    ]
    with pytest.raises(SubtitleError, match="there is no encoding 'klingon'"):
        read(data, encoding="klingon")


MENDED = {
    "dots": (
        TWO.replace(",", "."),
        [
            "line 2: '.' stands before the milliseconds in place of ','",
            "line 6: '.' stands before the milliseconds in place of ','",
        ],
    ),
    "no numbers": (
        TWO.replace("1\n", "", 1).replace("2\n00", "00"),
        [
            "line 1: the number of this cue is missing",
            "line 4: the number of this cue is missing",
        ],
    ),
    "no blank line": (
        TWO.replace("One.\n\n", "One.\n"),
        ["line 4: the blank line before this cue is missing"],
    ),
    "neither": (
        TWO.replace("One.\n\n2\n", "One.\n"),
        [
            "line 4: the number of this cue is missing",
            "line 4: the blank line before this cue is missing",
        ],
    ),
    "short clocks": (
        TWO.replace("00:00:03,000 --> 00:00:04,500", "0:3 -> 0:4.5"),
        [
            "line 6: the milliseconds are missing, and count as none",
            "line 6: '.' stands before the milliseconds in place of ','",
            "line 6: the arrow between the times is not -->",
        ],
    ),
    "seconds over sixty": (
        TWO.replace("00:00:04,500", "00:00:64,500"),
        ["line 6: minutes or seconds of 60 and more were carried over"],
    ),
    "out of order": (
        TWO.replace("00:00:01", "00:00:05").replace("00:00:02", "00:00:06"),
        ["line 6: this cue is out of order, and was put where its time belongs"],
    ),
    "text before": (
        "Made by nobody\n\n" + TWO,
        ["line 1: text before the first cue was left out"],
    ),
    "VTT": (
        "WEBVTT\n\n" + TWO.replace(",", "."),
        ["it is WebVTT, whatever its name says"],
    ),
}


@pytest.mark.parametrize("case", MENDED)
def test_slightly_broken_file_is_mended_and_told(read: Read, case: str) -> None:
    """Both cues are there, and each mend is told with its line."""
    data, repairs = MENDED[case]
    script = read(data)

    assert ({"One.", "Two."}, repairs) == (set(texts(script)), told(script))
    assert sorted(times(script)) == times(script)


@pytest.mark.parametrize(
    ("end", "fault"),
    [
        ("00:00:01,000", "not after the start"),
        ("0:00:00,500", "not after the start"),
        ("", "missing"),
    ],
)
def test_bad_end_becomes_the_time_that_the_words_take(read: Read, end: str, fault: str) -> None:
    """But never beyond the start of the next cue."""
    alone = read(f"1\n00:00:01,000 --> {end}\n{'Word. ' * 12}\n")
    before = read(
        f"1\n00:00:01,000 --> {end}\n{'Word. ' * 12}\n\n2\n00:00:01,800 --> 00:00:03,000\nTwo.\n"
    )

    expected = f"line 2: the end is {fault}; the cue was given the time that its words take"
    assert [expected] == told(alone) == told(before)
    assert ((1.0, 4.84), (1.0, 1.8)) == (times(alone)[0], times(before)[0])


def test_time_before_the_beginning_is_the_beginning(read: Read) -> None:
    """As after a shift of the whole file."""
    script = read("1\n-00:00:01,000 --> 00:00:02,000\nOne.\n")

    assert ([(0.0, 2.0)], ["line 2: a time before the beginning counts as the beginning"]) == (
        times(script),
        told(script),
    )


def test_numbers_alone_are_text_where_they_stand_as_text(read: Read) -> None:
    """A year in a line of its own, at the end too, is no number of a cue."""
    script = read(
        "1\n00:00:01,000 --> 00:00:02,000\nIn\n1984\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n42\n\n3\n00:00:05,000 --> 00:00:06,000\nSince\n2001"
    )

    assert (["In 1984", "42", "Since 2001"], []) == (texts(script), told(script))


def test_times_in_the_text_are_text(read: Read) -> None:
    """Also two of them, and an arrow."""
    text = "From 00:00:01,000 to 00:00:02,000, see 1 --> 2."
    script = read(TWO.replace("One.", text))

    assert [text, "Two."] == texts(script)


def test_vtt_is_read_with_its_comments_styles_and_names(read: Read) -> None:
    """None of them is text; what follows a blank line is none either, and is told."""
    script = read(
        "WEBVTT - a film\nX-KIND: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnot --> this\n\n"
        "first\n00:01.000 --> 00:02.000 line:0 align:start\nOne.\n\nNOTE nor this\n\n"
        "stray\n\nsecond\n01:00:03.000 --> 01:00:04.500\nTwo.\n",
        "film.vtt",
    )

    assert (["One.", "Two."], [(1.0, 2.0), (3603.0, 3604.5)]) == (texts(script), times(script))
    assert ["line 16: text that belongs to no cue was left out"] == told(script)


def test_ass_is_read_with_its_actors_but_without_comments_and_drawings(read: Read) -> None:
    """What is not in order is nothing to speak of there."""
    lines = [
        "[Script Info]",
        "[V4+ Styles]",
        "Style: broken,,nonsense",
        "[Events]",
        EVENT.format(name="Anna", text=r"{\an8\i1}One,{\i0}\Ntwo."),
        EVENT.format(name="", text=r"{\p1}m 0 0 l 100 0{\p0}").replace("0:00:01", "0:00:00"),
        EVENT.format(name="", text="no").replace("Dialogue", "Comment"),
    ]
    script = read("\n".join(lines), "film.ass")

    assert (["", "One, two."], ("Anna",), []) == (texts(script), script.speakers, told(script))
    assert (1.0, 2.5) == times(script)[1]


def test_huge_drawing_is_left_out_and_told(read: Read) -> None:
    """Text that long is none, and takes long to look at."""
    drawing = EVENT.format(name="", text="{" * 20_000)
    script = read(drawing + "\n" + EVENT.format(name="", text="One."), "film.ass")

    assert (["", "One."], ["line 1: a text of more than 10,000 characters was left out"]) == (
        texts(script),
        told(script),
    )


REFUSED = {
    "empty": (b"", "film.srt, line 1: there is no cue in this file"),
    "no cue": (b"Hello.\n\nWorld.\n", "film.srt, line 1: there is no cue in this file"),
    "binary": (b"\x00\x01\x02\xff\x00" * 20, "film.srt, line 1: this is no text file"),
    "no time": (
        TWO.replace("00:00:03,000", "then").encode(),
        "film.srt, line 6: these are no times",
    ),
    "no start": (TWO.replace("00:00:03,000", "").encode(), "film.srt, line 6: these are no times"),
    "letters": (TWO.replace("00:03", "OO:O3").encode(), "film.srt, line 6: these are no times"),
    "endless": (
        TWO.replace("Two.", "Two. " * 3_000).encode(),
        "film.srt, line 6: this cue has more than 10,000 characters: are times missing?",
    ),
    "too late": (
        TWO.replace("00:00:04", "123:00:04").encode(),
        "line 6: a time of more than 99 hours",
    ),
    "huge": (TWO.replace("00:00:03", "9" * 5000 + ":00:04").encode(), "line 6: these are no times"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_hopeless_file_is_refused_with_its_line(read: Read, case: str) -> None:
    """Nothing is guessed that cannot be known, and nothing of the file is repeated."""
    data, message = REFUSED[case]
    with pytest.raises(SubtitleError) as caught:
        read(data)

    assert message in str(caught.value)
    assert "Two." not in str(caught.value)


def test_hopeless_event_is_refused_with_its_line(read: Read) -> None:
    """Without a start, or without all fields."""
    event = EVENT.format(name="", text="One.")
    with pytest.raises(SubtitleError, match=r"film\.ass, line 2: this event has no start"):
        read("[Events]\n" + event.replace("0:00:01.00", "now"), "film.ass")
    with pytest.raises(SubtitleError, match=r"film\.ass, line 1: this event has 3 fields"):
        read("Dialogue: 0,0:00:01.00,One", "film.ass")


def test_other_files_are_refused(read: Read, tmp_path: Path) -> None:
    """A film is no subtitle file; one that is not there is told as such."""
    with pytest.raises(SubtitleError, match=r"ends in \.srt, \.vtt, \.ass or \.ssa"):
        read(b"", "film.mp4")
    with pytest.raises(SubtitleError, match="No such file"):
        read_script(tmp_path / "none.srt")


def test_missing_extra_is_told_with_its_mend(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "pysubs2":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(UtterlyError, match=r'pip install "utterly\[dub\]"'):
        read(TWO)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text("012:,.->\n\r 1A<>[]{}\\♪", max_size=300).map(lambda text: text.encode()),
        st.lists(st.sampled_from(TWO.splitlines()), max_size=20).map(
            lambda lines: "\n".join(lines).encode()
        ),
    ),
    suffix=st.sampled_from([".srt", ".vtt", ".ass"]),
)
def test_any_file_is_read_or_refused(tmp_path: Path, data: bytes, suffix: str) -> None:
    """Whatever is in it, there is a script with cues in order, or one line that says why not."""
    path = tmp_path / f"film{suffix}"
    path.write_bytes(data)
    refusals: list[str] = []
    cues: Sequence[ScriptCue] = ()
    try:
        cues = read_script(path).cues
    except SubtitleError as error:
        refusals.append(str(error))

    assert bool(cues) or "line" in refusals[0]
    assert all(cue.end > cue.start >= 0 for cue in cues)
    assert sorted(cue.start for cue in cues) == [cue.start for cue in cues]
