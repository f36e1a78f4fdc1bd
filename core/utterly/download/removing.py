"""Giving the disk space of model files back."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path

from utterly.context import Context
from utterly.download.faults import Scene
from utterly.download.inspection import marker_of
from utterly.download.lock import locked
from utterly.download.places import Place, choose_place
from utterly.download.repository import Repository, check_file


def remove_files(
    repository: str,
    revision: str,
    files: Iterable[str],
    folder: str | os.PathLike[str] | None,
    context: Context,
) -> int:
    """Delete what `fetch_files` fetched, and nothing else; for `remove_model`.

    Args:
        repository: As for `fetch_files`, like the others.
        revision: The whole commit, 40 digits.
        files: Paths in the repository.
        folder: The plain folder, or `None` for the cache that all tools share.
        context: The hook's.

    Returns:
        How many bytes were freed.

    Raises:
        ModelDownloadError: Something cannot be deleted, or another process is fetching.
        EngineUnavailableError: As `fetch_files` does.
        RequestCancelledError: Cancelled while another process was fetching.
    """
    wanted = Repository(repository, revision)
    names = list(files)
    for name in names:
        check_file(name, None)
    place = choose_place(wanted, folder)
    if not place.work.is_dir() and not any((place.files / name).exists() for name in names):
        return 0
    scene = Scene(wanted.name, "the hub", place.files, place.setting)
    tick = partial(context.progress, 0, None, "waiting for another download")
    with scene.disk_told():
        place.work.mkdir(parents=True, exist_ok=True)
        with locked(place.work, tick):
            # First, since files that are gone must not be called ready.
            marker_of(place, revision).unlink(missing_ok=True)
            parts = [*place.work.glob("*.partial")]
            return sum(map(_remove, parts)) + sum(_remove_named(place, name) for name in names)


def _remove_named(place: Place, name: str) -> int:
    path = place.files / name
    blob = place.blob(name)
    freed = _remove(path)
    if blob is not None:
        freed += _remove(blob)
    with suppress(OSError):  # others may be in it
        path.parent.rmdir()
    return freed


def _remove(path: Path) -> int:
    """Delete a file or link, and tell how many bytes were its own."""
    try:
        size = path.lstat().st_size if not path.is_symlink() else 0
        path.unlink()
    except FileNotFoundError:
        return 0
    return size
