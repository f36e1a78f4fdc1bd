"""One file from the hub to the disk: it goes on where it was, after any interruption."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from utterly.download.checksums import matches
from utterly.download.faults import Scene, is_cut
from utterly.download.following import BrokenError, NetworkError, follow
from utterly.download.hub import Hub
from utterly.download.repository import HubFile

_WORTHWHILE = 1 << 16
_TRIES = 3
"""How often a connection may break that brought less than is worth going on for."""

Report = Callable[[int, str], object]
"""Told how many bytes of the file are there, and what is being done; may raise."""


def transfer(hub: Hub, file: HubFile, target: Path, scene: Scene, report: Report) -> None:
    """Have a verified file under a temporary name.

    Args:
        hub: Where from.
        file: Which.
        target: The temporary name; what an earlier process left there is gone on with.
        scene: For messages.
        report: Told the progress.

    Raises:
        ModelDownloadError: It cannot be fetched; what is there is kept.
        RequestCancelledError: From `report`.
    """
    resumed = size_of(target) > 0
    _complete(hub, file, target, scene, report)
    if not _is_right(file, target, report):
        target.unlink()
        # Perhaps only what an earlier process had left was wrong, as after a loss of power.
        if resumed:
            _complete(hub, file, target, scene, report)
        if not resumed or not _is_right(file, target, report):
            target.unlink(missing_ok=True)
            raise scene.tell_checksum(file.name)


def size_of(path: Path) -> int:
    """Bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _is_right(file: HubFile, target: Path, report: Report) -> bool:
    tick = partial(report, file.size, f"verifying {file.name}")
    return target.stat().st_size == file.size and matches(target, file.checksum, tick)


def _complete(hub: Hub, file: HubFile, target: Path, scene: Scene, report: Report) -> None:
    if size_of(target) > file.size:
        target.unlink()
    target.touch()
    failures = 0
    while (before := size_of(target)) < file.size:
        cut: NetworkError = BrokenError()
        try:
            _receive(hub, file, target, report)
        except NetworkError as error:
            if not is_cut(error):
                raise scene.tell_network(error) from error
            cut = error
        failures = 0 if size_of(target) - before >= _WORTHWHILE else failures + 1
        if failures == _TRIES:
            raise scene.tell_network(cut) from cut


def _receive(hub: Hub, file: HubFile, target: Path, report: Report) -> None:
    """Go on with a file for as long as the connection lasts."""
    with target.open("r+b") as output:
        start = output.seek(0, os.SEEK_END)
        work = partial(hub.read, file.name, start)
        note = f"downloading {file.name}"
        for place, piece in follow(work, lambda: report(output.tell(), note)):
            if place != output.tell():
                output.seek(place)
                output.truncate()
            output.write(piece)
            if output.tell() > file.size:
                break  # it will not have the checksum
        output.flush()
        os.fsync(output.fileno())
