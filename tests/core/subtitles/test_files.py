"""Tests of writing subtitle files."""

from __future__ import annotations

from pathlib import Path

import pytest

from utterly import OutputError, SpokenSegment
from utterly.subtitles import check_subtitles, to_srt, to_vtt, write_subtitles

SEGMENTS = [SpokenSegment("“Grüße”, 世界.", 0.0, 1.5, "first", "anna")]


def test_suffix_chooses_the_format(tmp_path: Path) -> None:
    """The file is UTF-8 with plain line ends, in the format of its name."""
    write_subtitles(tmp_path / "a.srt", SEGMENTS)
    write_subtitles(str(tmp_path / "a.VTT"), SEGMENTS)

    assert to_srt(SEGMENTS).encode() == (tmp_path / "a.srt").read_bytes()
    assert to_vtt(SEGMENTS).encode() == (tmp_path / "a.VTT").read_bytes()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.txt", "ends in .srt or .vtt"),
        ("none/a.srt", "create the folder"),
        ("folder.vtt", "is a folder; choose another name"),
    ],
)
def test_impossible_output_is_refused_beforehand(tmp_path: Path, name: str, advice: str) -> None:
    """Whatever could be known before speaking is said before speaking, in one line."""
    (tmp_path / "folder.vtt").mkdir()

    with pytest.raises(OutputError, match=advice):
        check_subtitles(tmp_path / name)


def test_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up costs the old file nothing and leaves no half one."""
    target = tmp_path / "a.srt"
    target.write_bytes(b"old")

    def fail(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left on device; make room"):
        write_subtitles(target, SEGMENTS)

    assert (b"old", [target]) == (target.read_bytes(), list(tmp_path.iterdir()))
