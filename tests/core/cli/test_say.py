"""Tests of `utterly say`: results, notices and exit codes."""

from __future__ import annotations

import json
import sys
import wave
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from utterly.cli import main
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]


def run(*arguments: str) -> int:
    """Run the command line in this process."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def duration(path: Path | str) -> float:
    """Seconds of a WAV file."""
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


def test_speech_goes_to_the_file_that_was_named(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, the file's name on standard output, a summary on standard error."""
    install("first")

    code = run("say", "One. Two.", "-o", "out.wav", "--engines", "first")

    output = capsys.readouterr()
    assert (0, "out.wav\n") == (code, output.out)
    assert "utterly: 2 sentences, 0.9 s: 2 by first\n" == output.err
    assert 0.9 == pytest.approx(duration("out.wav"), abs=0.01)


def test_without_a_name_no_file_is_overwritten(install: InstallEngine, folder: Path) -> None:
    """`speech.wav`, then `speech-2.wav`."""
    install("first")

    run("say", "One.", "--engines", "first")
    run("say", "One.", "--engines", "first")

    assert ["speech-2.wav", "speech.wav"] == sorted(path.name for path in folder.iterdir())


def test_substitution_is_told(install: InstallEngine, capsys: pytest.CaptureFixture[str]) -> None:
    """Guarantee 3, honest: who took over for whom, and why, once for the same trouble."""
    install("first", Fault("load", error=MemoryError()))
    install("second")

    run("say", "One. Two. Three.", "--engines", "first,second")

    told = "utterly: first failed (OutOfMemoryError: out of memory); second takes over\n"
    assert 1 == capsys.readouterr().err.count(told)


def test_nothing_spoken_exits_with_1(
    install: InstallEngine, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """One line says why; no file appears."""
    install("first", Fault("load", error=MemoryError()))

    code = run("say", "One.", "--engines", "first")

    error = capsys.readouterr().err.splitlines()[-1]
    assert (1, []) == (code, list(folder.iterdir()))
    assert error.startswith("utterly: no engine could speak segment 1")


def test_partly_spoken_exits_with_3_and_keeps_what_there_is(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was spoken is kept under a name that says so; the name asked for stays free."""
    install("first", Fault("before_audio", text="Three."))

    code = run("say", "One. Two. Three.", "--engines", "first", "-o", "out.wav")

    assert (3, "out.partial.wav\n") == (code, capsys.readouterr().out)
    assert 0.9 == pytest.approx(duration("out.partial.wav"), abs=0.01)
    assert not Path("out.wav").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("say",),
        ("say", "One.", "-f", "text.txt"),
        ("say", "-f", "missing.txt"),
        ("say", "One.", "--speed", "fast"),
        ("say", "One.", "--speed", "9"),
        ("say", "One.", "--set", "nonsense"),
        ("say", "One.", "--engines", "nobody"),
        ("say", "One.", "-o", "-", "--json"),
        ("say", "One.", "--no-such-option"),
        ("nonsense",),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(
    install: InstallEngine, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong is said on standard error, without a traceback."""
    install("first")

    assert 2 == run(*arguments)

    output = capsys.readouterr()
    assert ("", True) == (output.out, bool(output.err))
    assert "Traceback" not in output.err


@pytest.mark.parametrize("output", ["none/out.wav", "out.doc", "."])
def test_impossible_output_exits_with_4_before_speaking(
    install: InstallEngine, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody waits for speech that cannot be kept."""
    engine = install("first")

    code = run("say", "One.", "--engines", "first", "-o", output)

    assert (4, []) == (code, engine.requests)
    assert "cannot write" in capsys.readouterr().err


def test_interruption_exits_with_130(
    install: InstallEngine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is no failure of an engine's, and leaves no traceback."""
    install("first")

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("utterly.attempt.Attempting.attempt", interrupt)
    code = run("say", "One.", "--engines", "first")

    assert (130, "utterly: interrupted") == (code, capsys.readouterr().err.strip())


def test_json_is_one_document(install: InstallEngine, capsys: pytest.CaptureFixture[str]) -> None:
    """It tells who spoke what, every attempt, and where the file is."""
    install("first", Fault("load", error=MemoryError()))
    install("second")

    run("say", "Wörter.", "--engines", "first,second", "--json", "-q")

    document = json.loads(capsys.readouterr().out)
    assert ("speech.wav", "complete", True) == (
        document["output"],
        document["status"],
        document["degraded"],
    )
    segment = document["segments"][0]
    assert ("Wörter.", "second", 2) == (
        segment["text"],
        segment["engine"],
        len(segment["attempts"]),
    )


def test_blank_text_is_success(install: InstallEngine, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to say, and that is said."""
    install("first")

    code = run("say", "...", "--engines", "first")

    assert 0 == code
    assert "nothing to speak" in capsys.readouterr().err


def test_text_comes_from_a_file(install: InstallEngine) -> None:
    """UTF-8 with or without a mark at its beginning; bad bytes do not stop the reading."""
    engine = install("first")
    Path("text.txt").write_bytes(b"\xef\xbb\xbfOne \xff two.")

    run("say", "-f", "text.txt", "--engines", "first")

    assert "One \N{REPLACEMENT CHARACTER} two." == engine.requests[0].text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_encoding_of_a_file_is_recognised(install: InstallEngine, encoding: str) -> None:
    """What other systems write is read too; mixed line ends are kept in the original."""
    engine = install("first")
    Path("text.txt").write_bytes("Größe\r\nund 猫\rhier.".encode(encoding))

    run("say", "-f", "text.txt", "--engines", "first", "--language", "en")

    request = engine.requests[0]
    assert ("Größe und 猫 hier.", "Größe\r\nund 猫\rhier.") == (request.text, request.source.text)


def test_bad_bytes_are_told(install: InstallEngine, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever gave the wrong file hears of it."""
    install("first")
    Path("text.txt").write_bytes(b"One \xff two.")

    run("say", "-f", "text.txt", "--engines", "first")

    told = capsys.readouterr().err
    assert "utterly: text.txt is not UTF-8 throughout; bad bytes were replaced" in told


def test_bytes_of_standard_input_are_read_alike(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-f -` reads what a file could hold."""
    engine = install("first")
    monkeypatch.setattr(
        sys, "stdin", TextIOWrapper(BytesIO(b"\xff\xfe" + "Über.".encode("utf-16-le")))
    )

    run("say", "-f", "-", "--engines", "first")

    assert "Über." == engine.requests[0].text


def test_quiet_tells_nothing(install: InstallEngine, capsys: pytest.CaptureFixture[str]) -> None:
    """`-q` leaves standard error to errors."""
    install("first", Fault("load"))
    install("second")

    run("say", "One.", "--engines", "first,second", "-q")

    assert "" == capsys.readouterr().err


def test_verbose_tells_the_whole_story(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-v` tells each step of the engine's life."""
    install("first")

    run("say", "One.", "--engines", "first", "-v")

    told = capsys.readouterr().err
    steps = ["looks for its model", "is loading", "is loaded", "spoken by first:first", "unloaded"]
    places = [told.index(step) for step in steps]
    assert sorted(places) == places


def test_standard_output_takes_the_audio(
    install: InstallEngine,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`-o -` writes a WAV file, and nothing else, to standard output."""
    install("first")
    stream = open(1, "w", closefd=False)  # noqa: SIM115  # the descriptor that is captured
    monkeypatch.setattr(sys, "stdout", stream)

    code = run("say", "One.", "--engines", "first", "-o", "-", "-q")

    output = capfdbinary.readouterr()
    assert (0, b"RIFF", b"") == (code, output.out[:4], output.err)
