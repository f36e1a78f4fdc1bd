"""Tests of `utterly say` as a program of its own: what is left on the disk, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

LONG_TEXT = "The quick brown fox jumps over the lazy dog near the river. " * 3_000
SAY = [sys.executable, "-m", "utterly", "say", "--engines", "espeak"]

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """Where everything happens, with a text that takes a while."""
    (tmp_path / "text.txt").write_text(LONG_TEXT, "utf-8")
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def start(folder: Path, *options: str, text: Path | None = None) -> subprocess.Popen[str]:
    """Begin to speak the long text."""
    return subprocess.Popen(
        [*SAY, "-f", str(text or folder.parent / "text.txt"), *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def names(folder: Path) -> set[str]:
    """What is in a folder."""
    return {path.name for path in folder.iterdir()}


def wait_for_audio(folder: Path, size: int = 1_000_000) -> None:
    """Wait until some of the speech is on the disk."""
    end = time.monotonic() + 60
    while sum(path.stat().st_size for path in folder.glob("*.partial.*")) < size:
        assert time.monotonic() < end, "no audio within a minute"
        time.sleep(0.01)


@pytest.fixture
def speaking(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program in the middle of a long text."""
    with start(folder, "-o", "book.wav") as program:
        wait_for_audio(folder)
        yield program
        program.kill()


@posix_only
def test_interrupted_reading_leaves_a_playable_file(
    folder: Path, speaking: subprocess.Popen[str]
) -> None:
    """Ctrl-C: exit 130, one line says how far it came, and the file holds just that."""
    speaking.send_signal(signal.SIGINT)
    output, error = speaking.communicate(timeout=30)

    last = error.splitlines()[-1]
    assert (130, "") == (speaking.returncode, output)
    assert last.startswith("utterly: interrupted after ")
    assert last.endswith(" of 3000 sentences (" + last.split("(")[1])
    assert last.endswith("), kept as book.partial.wav")
    assert {"book.partial.wav"} == names(folder)
    assert soundfile.info(folder / "book.partial.wav").duration > 10


@posix_only
def test_guarantee_6_killed_program_leaves_no_half_file(
    folder: Path, speaking: subprocess.Popen[str]
) -> None:
    """Guarantee 6, clean disk: after `kill -9` what is left says in its name that it is partial."""
    (folder / "book.wav").write_bytes(b"the book of yesterday")
    speaking.kill()
    speaking.wait(30)

    assert b"the book of yesterday" == (folder / "book.wav").read_bytes()
    assert [True] == [".partial." in name for name in names(folder) - {"book.wav"}]


def test_vanished_folder_exits_with_4(folder: Path, speaking: subprocess.Popen[str]) -> None:
    """Somebody removed the folder meanwhile: one line, and nothing is made up."""
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    output, error = speaking.communicate(timeout=30)  # not when all is spoken

    assert (4, "") == (speaking.returncode, output)
    assert error.splitlines()[-1].endswith("'book.wav': its folder was removed meanwhile")


@posix_only
def test_disk_that_fills_up_exits_with_4(folder: Path) -> None:
    """Half a book without the room for the rest: one line with the next step, nothing left."""
    limited = (
        "import resource, signal, sys, runpy;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000));"
        "sys.argv[0] = 'utterly'; runpy.run_module('utterly', run_name='__main__')"
    )
    completed = subprocess.run(
        [sys.executable, "-c", limited, *SAY[3:], "-f", "../text.txt", "-o", "book.wav"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (4, "") == (completed.returncode, completed.stdout)
    assert completed.stderr.splitlines()[-1] == (
        "utterly: cannot write 'book.wav': the disk is full; make room, or choose .mp3 or .opus"
    )
    assert set() == names(folder)


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        ("none/book.wav", "create the folder 'none' first"),
        ("folder.wav", "it is a folder; choose another name"),
        ("book.txt", "choose a name that ends in .wav, .flac, .ogg, .opus or .mp3"),
        ("/dev/null/book.wav", "create the folder '/dev/null' first"),
    ],
)
def test_impossible_output_exits_with_4_at_once(folder: Path, output: str, complaint: str) -> None:
    """Before anything is spoken, in one line."""
    (folder / "folder.wav").mkdir()

    with start(folder, "-o", output) as program:
        _, error = program.communicate(timeout=30)

    assert 4 == program.returncode
    assert [True] == [line.endswith(complaint) for line in error.splitlines()]
    assert {"folder.wav"} == names(folder)


@posix_only
def test_read_only_folder_exits_with_4_at_once(folder: Path) -> None:
    """Told before anything is spoken, to a user who may not write there."""
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")  # as the superuser may

    with start(folder, "-o", "book.wav") as program:
        _, error = program.communicate(timeout=30)

    assert (4, True) == (program.returncode, "its folder is read-only" in error)


@posix_only
def test_reader_that_goes_away_exits_with_4(folder: Path) -> None:
    """`utterly say … -o - | head -c 100` ends without a traceback."""
    (folder / "short.txt").write_text("A short text of one sentence.", "utf-8")
    with start(folder, "-o", "-", text=folder / "short.txt") as program:
        assert program.stdout is not None
        program.stdout.close()
        error = program.stderr.read() if program.stderr else ""
        code = program.wait(30)

    assert (4, False) == (code, "Traceback" in error)
    assert {"short.txt"} == names(folder)


def test_subtitles_are_written_beside_the_audio(folder: Path) -> None:
    """One command, two files."""
    (folder / "short.txt").write_text("One sentence. And another.", "utf-8")
    with start(folder, "-o", "a.mp3", "--subtitles", "a.vtt", text=folder / "short.txt") as program:
        output, _ = program.communicate(timeout=30)

    assert (0, "a.mp3\n") == (program.returncode, output)
    assert ["One sentence.", "And another."] == [
        line for line in (folder / "a.vtt").read_text("utf-8").splitlines() if line.endswith(".")
    ]
