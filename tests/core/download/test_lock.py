"""Waiting for whoever fetches."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from utterly import ModelDownloadError, RequestCancelledError
from utterly.download import lock


def test_who_gets_nowhere_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is stopped while it holds the lock stops nobody else for ever."""
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.2)
    with (
        FileLock(tmp_path / "lock"),
        pytest.raises(ModelDownloadError, match="gets nowhere; end it and try again"),
        lock.locked(tmp_path, lambda: None),
    ):
        pytest.fail("two hold the lock")


def test_who_gets_on_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as files grow, it is worth waiting."""
    monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.25)
    holder = FileLock(tmp_path / "lock")
    holder.acquire()
    looks = 0

    def grow() -> None:
        nonlocal looks
        looks += 1
        (tmp_path / "weights.partial").write_bytes(bytes(looks))
        if looks == 10:
            holder.release()

    with lock.locked(tmp_path, grow):
        assert 10 == looks


def test_waiting_is_cancelled(tmp_path: Path) -> None:
    """What the tick raises ends it."""

    def cancel() -> None:
        raise RequestCancelledError("cancelled")

    with (
        FileLock(tmp_path / "lock"),
        pytest.raises(RequestCancelledError),
        lock.locked(tmp_path, cancel),
    ):
        pytest.fail("two hold the lock")
