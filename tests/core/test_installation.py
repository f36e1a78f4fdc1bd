"""Tests of what is looked at besides the engines."""

from __future__ import annotations

import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from utterly.installation import (
    Check,
    check_cache,
    check_installation,
    check_playback,
    check_settings,
)

DiskUsage = namedtuple("DiskUsage", "total used free")  # noqa: PYI024  # what shutil returns


def test_every_check_is_well_on_a_good_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty home is no fault, and nothing is made in it."""
    monkeypatch.setattr("utterly.playback.find_device", lambda: "loudspeaker")

    assert {"ok"} == {check.state for check in check_installation()}
    assert [] == list(Path.home().iterdir())


def test_little_space_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a download fails half-way."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: DiskUsage(10**9, 0, 3 * 10**8))

    check = check_cache()

    assert "warning" == check.state
    assert check.finding.endswith("0.3 GB free: too little for another model")


def test_missing_player_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speaking works without."""
    monkeypatch.setitem(sys.modules, "sounddevice", None)

    assert (
        Check("playback", "warning", 'cannot play: pip install "utterly[play]"') == check_playback()
    )


def test_folder_of_the_settings_that_is_read_only_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The nearest folder that exists counts."""
    monkeypatch.setenv("UTTERLY_CONFIG", str(tmp_path / "none" / "yet" / "config.toml"))
    # The superuser of a container may write anywhere, so the system's answer is given here.
    monkeypatch.setattr("os.access", lambda _folder, _mode: False)

    check = check_settings()

    assert ("warning", f"{tmp_path} cannot be written to; change its owner") == (
        check.state,
        check.finding,
    )
