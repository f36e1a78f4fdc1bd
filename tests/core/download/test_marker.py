"""The ready marker."""

from __future__ import annotations

from pathlib import Path

import pytest

from utterly.download.marker import Verified, read_marker, write_marker


def test_marker_comes_back(tmp_path: Path) -> None:
    """What was written is read."""
    verified = {"config.json": Verified("a" * 64, 14, 1), "voices/é.pt": Verified("b" * 64, 0, 2)}
    write_marker(tmp_path / "ready.json", verified)

    assert verified == read_marker(tmp_path / "ready.json")
    assert ["ready.json"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"files": 1}', '{"files": {"a": 1}}', '{"files": {"a": {}}}']
)
def test_damaged_marker_says_nothing(tmp_path: Path, text: str) -> None:
    """Then files are verified by reading them."""
    (tmp_path / "ready.json").write_text(text, "utf-8")

    assert {} == read_marker(tmp_path / "ready.json")


def test_marker_that_is_missing_says_nothing(tmp_path: Path) -> None:
    """As before the first download."""
    assert {} == read_marker(tmp_path / "ready.json")
