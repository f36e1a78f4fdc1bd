"""What of the model files is there and right, for those who can do with less than all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from utterly.context import Context
from utterly.download.faults import Scene
from utterly.download.inspection import inspect
from utterly.download.places import choose_place
from utterly.download.repository import Repository, check_file


def find_files(
    repository: str,
    revision: str,
    files: Mapping[str, str | None],
    folder: str | os.PathLike[str] | None,
    context: Context,
) -> dict[str, Path]:
    """Tell which files are on the disk and right; nobody is asked, and nothing is fetched.

    For an engine that can speak with some of them where the others cannot be fetched.

    Args:
        repository: As for `fetch_files`, like the others.
        revision: The whole commit, 40 digits.
        files: SHA-256 of each by its path in the repository, `None` where it is not known: then
            one that is there is taken as it is, unless a checksum was recorded.
        folder: The plain folder, or `None` for the cache that all tools share.
        context: The hook's.

    Returns:
        Where each of them lies, by its path in the repository.

    Raises:
        ModelDownloadError: The disk cannot be read.
        EngineUnavailableError: As `fetch_files` does.
        RequestCancelledError: Cancelled meanwhile.
    """
    wanted = Repository(repository, revision)
    for name, checksum in files.items():
        check_file(name, checksum)
    place = choose_place(wanted, folder)
    tick = partial(context.progress, 0, None)
    with Scene(wanted.name, "the hub", place.files, place.setting).disk_told():
        found = inspect(place, wanted.revision, files, tick, anew=context.refresh)
    names = {*found.verified, *found.unknown}
    return {name: place.files / name for name in files if name in names}
