"""Tests of where a result is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from utterly.cli.destination import choose_destination
from utterly.events import Event


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that says where its results go."""
    (tmp_path / "audio").mkdir()
    (tmp_path / "utterly.toml").write_text('output = "audio/book.wav"', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def silently(event: Event) -> None:
    """Expect that nothing is ignored."""
    pytest.fail(f"ignored: {event}")


def choose(output: str | None = None, tell: Callable[[Event], None] = silently) -> Path | None:
    """Choose, and expect no notice."""
    return choose_destination(output, tell)


def test_argument_stands_before_the_folder() -> None:
    """`-o` holds, `-` for standard output too."""
    assert (Path("x.wav"), None) == (choose("x.wav"), choose("-"))


def test_folder_chooses_a_file_below_itself(folder: Path) -> None:
    """Never over one that is there."""
    first = choose()
    (folder / "audio" / "book.wav").touch()

    assert (Path("audio/book.wav"), Path("audio/book-2.wav")) == (first, choose())


def test_without_either_it_is_a_new_speech(folder: Path) -> None:
    """`speech.wav`, as long as there is none."""
    (folder / "utterly.toml").unlink()

    assert Path("speech.wav") == choose()


def test_folder_that_cannot_be_written_to_is_told(folder: Path) -> None:
    """The speech is kept all the same."""
    (folder / "audio").rmdir()
    told: list[str] = []

    assert Path("speech.wav") == choose(tell=lambda event: told.append(str(event)))
    assert 1 == len(told)
    assert "create the folder 'audio' first" in told[0]
