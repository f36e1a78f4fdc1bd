"""Tests of `utterly dub`: results, notices and exit codes."""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from utterly.cli.dub import dub
from utterly.dubbing.api import USUAL_FASTEST
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]
Run = Callable[..., int]

FILM = "1\n00:00:00,500 --> 00:00:01,000\nOne.\n\n2\n00:00:02,000 --> 00:00:03,000\nTwo.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a subtitle file."""
    monkeypatch.chdir(tmp_path)
    Path("film.srt").write_text(FILM, "utf-8")
    return tmp_path


def duration(path: str) -> float:
    """Seconds of a WAV file."""
    with wave.open(path) as file:
        return float(file.getnframes() / file.getframerate())


def test_track_goes_to_the_file_that_was_named(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, the file's name on standard output, a summary on standard error."""
    install("first")

    code = run("dub", "film.srt", "-o", "out.wav", "--engines", "first")

    output = capsys.readouterr()
    assert (0, "out.wav\n") == (code, output.out)
    assert "utterly: 2 cues, 3.0 s: 2 by first\n" == output.err
    assert 3.0 == duration("out.wav")


def test_without_a_name_it_is_called_as_the_subtitles(
    install: InstallEngine, run: Run, folder: Path
) -> None:
    """And never over another file."""
    install("first")

    run("dub", "film.srt", "--engines", "first")
    run("dub", "film.srt", "--engines", "first")

    assert ["film-2.wav", "film.srt", "film.wav"] == sorted(path.name for path in folder.iterdir())


def test_repairs_are_told_in_a_line_for_each_kind(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the first lines of the file that they are about."""
    install("first")
    Path("film.srt").write_text((FILM * 3).replace("\n1\n", "\n").replace(",", "."), "utf-8")

    run("dub", "film.srt", "--engines", "first")

    told = capsys.readouterr().err
    dots = "utterly: film.srt, lines 2, 6, 8 and 3 more: '.' stands before the milliseconds"
    assert f"{dots} in place of ','\n" in told
    assert 1 == told.count("the number of this cue is missing")


def test_unknown_speaker_is_told_once(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is missing a voice of their own is named before anything is spoken."""
    install("first")
    Path("film.srt").write_text(FILM.replace("One", "ANNA: One").replace("Two", "ANNA: Two"))

    run("dub", "film.srt", "--engines", "first")

    told = "utterly: no persona is called 'ANNA': spoken in the voice of all others\n"
    assert 1 == capsys.readouterr().err.count(told)


def test_what_did_not_fit_is_told(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which cues, by how much at most, and how many are spoken faster."""
    install("first", seconds=3.0)

    run("dub", "film.srt", "--engines", "first", "--fastest", "1.2")

    told = capsys.readouterr().err
    assert "utterly: too long for the time there is: cue 1, by 1.0 s\n" in told
    assert "utterly: 2 cues, 3.0 s: 2 by first; 2 spoken faster, up to 3.0 times\n" in told


def test_substitution_is_told(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Guarantee 3, honest: who took over for whom, and why."""
    install("first", Fault("before_audio", error=MemoryError(), text="Two."))
    install("second")

    run("dub", "film.srt", "--engines", "first,second")

    told = capsys.readouterr().err
    assert "first failed (OutOfMemoryError: out of memory); second takes over" in told
    assert "2 cues, 3.0 s: 1 by first, 1 by second" in told


def test_partly_spoken_exits_with_3_and_keeps_what_there_is(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """The cue and the line of the file are named."""
    install("first", Fault("before_audio", text="Two."))

    code = run("dub", "film.srt", "--engines", "first", "-o", "out.wav")

    output = capsys.readouterr()
    assert (3, "out.partial.wav\n") == (code, output.out)
    assert "utterly: no engine could speak cue 2, in line 6 of the file (first: " in output.err
    assert "utterly: only 1 cue, 0.8 s: 1 by first\n" in output.err
    assert 0.8 == pytest.approx(duration("out.partial.wav"), abs=0.01)


def test_nothing_spoken_exits_with_1(install: InstallEngine, run: Run, folder: Path) -> None:
    """No file appears."""
    install("first", Fault("load", error=MemoryError()))

    code = run("dub", "film.srt", "--engines", "first")

    assert (1, ["film.srt"]) == (code, [path.name for path in folder.iterdir()])


@pytest.mark.parametrize(
    "arguments",
    [
        ("dub",),
        ("dub", "missing.srt"),
        ("dub", "film.txt"),
        ("dub", "empty.srt"),
        ("dub", "film.srt", "--fastest", "3"),
        ("dub", "film.srt", "--encoding", "klingon"),
        ("dub", "film.srt", "--engines", "nobody"),
        ("dub", "film.srt", "-o", "-", "--json"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(
    install: InstallEngine, run: Run, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is said on standard error, without a traceback."""
    install("first")
    Path("empty.srt").touch()

    assert 2 == run(*arguments)

    output = capsys.readouterr()
    assert ("", True, False) == (output.out, bool(output.err), "Traceback" in output.err)


def test_impossible_output_exits_with_4_before_speaking(install: InstallEngine, run: Run) -> None:
    """Nobody waits for a track that cannot be kept."""
    engine = install("first")

    code = run("dub", "film.srt", "--engines", "first", "-o", "none/out.wav")

    assert (4, []) == (code, engine.requests)


def test_interruption_exits_with_130_and_keeps_what_there_is(
    install: InstallEngine,
    run: Run,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C: how far it came, in cues, and where that is."""
    install("first")
    from utterly.attempt import Attempting

    attempt = Attempting.attempt

    def interrupt(self: Attempting, index: int, *rest: object) -> object:
        if index == 1:
            raise KeyboardInterrupt
        return attempt(self, index, *rest)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(Attempting, "attempt", interrupt)
    code = run("dub", "film.srt", "--engines", "first", "-o", "out.wav")

    told = "utterly: interrupted after 1 of 2 cues (0.3 s), kept as out.partial.wav"
    assert (130, told) == (code, capsys.readouterr().err.strip())
    assert 0.8 == pytest.approx(duration("out.partial.wav"), abs=0.01)


def test_json_is_one_document(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """It tells engine, voice, stretch and overrun of each cue."""
    install("first", seconds=3.0)

    run("dub", "film.srt", "--engines", "first", "--json", "-q")

    document = json.loads(capsys.readouterr().out)
    cue = document["cues"][0]
    assert ("film.wav", "complete", 3.0) == (
        document["output"],
        document["status"],
        document["duration"],
    )
    assert ("One.", "first", "first") == (cue["text"], cue["engine"], cue["voice"])
    assert pytest.approx((1.5, 0.5), abs=0.02) == (cue["stretch"], cue["overrun"])


def test_nothing_to_read_is_a_silent_track(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is nothing to say, and that is said."""
    install("first")
    Path("film.srt").write_text("1\n00:00:00,500 --> 00:00:01,000\n[applause]\n")

    code = run("dub", "film.srt", "--engines", "first")

    assert (0, "utterly: nothing to speak: 1.0 s of silence\n") == (code, capsys.readouterr().err)


def test_encoding_can_be_named(install: InstallEngine, run: Run) -> None:
    """What cannot be found out is asked of the user."""
    engine = install("first")
    Path("film.srt").write_bytes(FILM.replace("One", "Привет").encode("cp1251"))

    run("dub", "film.srt", "--engines", "first", "--encoding", "cp1251", "--language", "en")

    assert "Привет." == engine.requests[0].text


def test_quiet_tells_nothing(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-q` leaves standard error to errors."""
    install("first", seconds=3.0)
    Path("film.srt").write_text(FILM.replace(",", ".").replace("One", "ANNA: One"))

    run("dub", "film.srt", "--engines", "first", "-q")

    assert "" == capsys.readouterr().err


def test_standard_output_takes_the_audio(
    install: InstallEngine,
    run: Run,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`-o -` writes a WAV file, and nothing else, to standard output."""
    install("first")
    stream = open(1, "w", closefd=False)  # noqa: SIM115  # the descriptor that is captured
    monkeypatch.setattr(sys, "stdout", stream)

    code = run("dub", "film.srt", "--engines", "first", "-o", "-", "-q")

    output = capfdbinary.readouterr()
    assert (0, b"RIFF", b"") == (code, output.out[:4], output.err)


def test_limit_is_that_of_python() -> None:
    """The help shows what holds."""
    (limit,) = (option for option in dub.params if option.name == "fastest")

    assert USUAL_FASTEST == limit.default
