"""The real model is built once, whoever asks, and never half."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from plugins.kokoro.tests.checkpoint import rebuilt


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A list of what is built, in place of building it."""
    found: list[Path] = []

    def build(folder: Path) -> None:
        found.append(folder)
        folder.mkdir()
        (folder / "config.json").write_text("{}")

    monkeypatch.setattr(rebuilt, "build_model", build)
    return found


def test_is_built_once(tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions at the same time, and those after them, share one model."""
    build, both_build = rebuilt.build_model, Barrier(2, timeout=0.5)

    def wait_for_another(folder: Path) -> None:
        with suppress(BrokenBarrierError):  # nobody else builds, as it should be
            both_build.wait()
        build(folder)

    monkeypatch.setattr(rebuilt, "build_model", wait_for_another)
    with ThreadPoolExecutor(4) as sessions:
        folders = set(sessions.map(rebuilt.cached_model, [tmp_path] * 8))

    assert 1 == len(built)
    assert [["config.json"]] == [[path.name for path in folder.iterdir()] for folder in folders]


def test_leaves_nothing_half_built(
    tmp_path: Path, built: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who breaks off while building does not harm the next."""

    def interrupt(folder: Path) -> None:
        folder.mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rebuilt, "build_model", interrupt)
        with pytest.raises(KeyboardInterrupt):
            rebuilt.cached_model(tmp_path)
    left = [path.name for path in tmp_path.iterdir() if path.is_dir()]
    rebuilt.cached_model(tmp_path)

    assert [] == left
    assert 1 == len(built)


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("age", "kept"), [(3600, True), (2 * rebuilt.DAY, False)])
def test_deletes_what_nobody_uses(tmp_path: Path, age: int, *, kept: bool) -> None:
    """A model of another checkout stays as long as somebody works there."""
    other = tmp_path / "Kokoro-82M-other"
    other.mkdir()
    then = other.stat().st_mtime - age
    os.utime(other, (then, then))
    rebuilt.cached_model(tmp_path)

    assert kept == other.exists()
