"""Having all files of an engine: what is there is kept, what is missing or wrong is fetched."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from utterly.context import Context
from utterly.download.faults import Scene
from utterly.download.following import NetworkError, follow
from utterly.download.hub import Hub
from utterly.download.inspection import Findings, inspect, marker_of, note, verify
from utterly.download.lock import locked
from utterly.download.marker import read_marker, write_marker
from utterly.download.places import Place, choose_place
from utterly.download.repository import HubFile, Repository, check_file
from utterly.download.transfer import size_of, transfer
from utterly.errors import ModelDownloadError

_PARTIAL = ".partial"
_MARGIN = 20_000_000
"""Bytes that stay free on the disk."""
_ORPHAN_SECONDS = 24 * 3600.0


def fetch_files(
    repository: str,
    revision: str,
    files: Mapping[str, str | None],
    folder: str | os.PathLike[str] | None,
    context: Context,
) -> Path:
    """Have files of a repository on the disk, verified; for `ensure_model`.

    Files that are there are not fetched again, and once all were verified nobody is asked. What was
    interrupted goes on where it was. Several processes at once fetch once.
    The environment variables of `huggingface_hub` count: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HOME`,
    `HF_HUB_OFFLINE`, and those of proxies.

    Args:
        repository: Such as `hexgrad/Kokoro-82M`.
        revision: The whole commit, 40 digits.
        files: SHA-256 of each by its path in the repository, `None` where it is not known: then it
            is the hub's word that counts.
        folder: A plain folder for them, which people can fill or copy by hand; `None` for the cache
            that all tools of Hugging Face share.
        context: The hook's. It hears the progress in bytes, and in the end how many are there. It
            may cancel at any moment, and says whether to stay offline; with `refresh` everything
            is read anew, whatever was verified before.

    Returns:
        The folder that holds all of them under their paths.

    Raises:
        ModelDownloadError: They are not there and cannot be fetched; one line says what to do.
        EngineUnavailableError: `huggingface_hub` is missing, or an argument is wrong.
        RequestCancelledError: Cancelled meanwhile.
    """
    wanted = Repository(repository, revision)
    for name, checksum in files.items():
        check_file(name, checksum)
    return _Fetching(wanted, dict(files), choose_place(wanted, folder), context).run()


class _Fetching:
    """One call of `fetch_files`."""

    def __init__(
        self, wanted: Repository, files: dict[str, str | None], place: Place, context: Context
    ) -> None:
        self._wanted = wanted
        self._files = files
        self._place = place
        self._context = context
        self._scene = Scene(wanted.name, "the hub", place.files, place.setting)
        self._done = 0
        self._total: int | None = None

    def run(self) -> Path:
        with self._scene.disk_told():
            found = self._inspect(self._files)
        if found.missing or found.unknown:
            self._fetch(found)
        elif found.is_news:
            with suppress(OSError):  # a folder that is read-only is verified each time
                self._mark(found)
        self._tell_there("ready")
        return self._place.files

    def _inspect(self, files: Mapping[str, str | None]) -> Findings:
        revision, anew = self._wanted.revision, self._context.refresh
        return inspect(self._place, revision, files, self._tell, anew=anew)

    def _fetch(self, found: Findings) -> None:
        """Have what is missing, as far as the network may be used."""
        hub = None if self._context.offline else Hub(self._wanted)
        if hub is None or hub.is_offline:
            if found.missing:
                self._tell_there("missing")
                raise self._tell_offline(found)
            return
        if not found.missing and not self._is_writable():
            return  # as on a disk that somebody filled and others may only read
        self._scene = Scene(self._wanted.name, hub.host, self._place.files, self._place.setting)
        with self._scene.disk_told():
            self._place.work.mkdir(parents=True, exist_ok=True)
            with locked(self._place.work, partial(self._tell, "waiting for another download")):
                # Another process may have fetched them while we waited for the lock.
                open_ones = {name: self._files[name] for name in (*found.missing, *found.unknown)}
                rest = self._inspect(open_ones)
                rest.verified |= found.verified
                self._fetch_locked(hub, rest)

    def _is_writable(self) -> bool:
        with suppress(OSError):
            self._place.work.mkdir(parents=True, exist_ok=True)
            return os.access(self._place.work, os.W_OK)
        return False

    def _fetch_locked(self, hub: Hub, found: Findings) -> None:
        try:
            facts = self._look_up(hub, [*found.missing, *found.unknown])
        except ModelDownloadError as error:
            if found.missing:
                raise
            self._context.logger.info("%s is taken unverified: %s", self._wanted.name, error)
            return
        for name in found.unknown:
            if not verify(found, name, self._place.files / name, facts[name].checksum, self._tell):
                found.missing.append(name)
        needed = [facts[name] for name in found.missing]
        self._sweep(needed)
        self._check_room(needed)
        self._done = sum(file.size for file in found.verified.values())
        self._total = self._done + sum(file.size for file in needed)
        if needed:
            count = f"{len(needed)} of {len(self._files)} files"
            self._tell(f"fetching {count} of {self._wanted.name} from {hub.host}")
        for file in needed:
            self._fetch_one(hub, file, found)
        self._mark(found)

    def _look_up(self, hub: Hub, names: list[str]) -> dict[str, HubFile]:
        """Sizes and checksums; a pinned one must be the hub's too."""
        facts: dict[str, HubFile] = {}
        if not names:
            return facts
        tick = partial(self._tell, f"asking {hub.host}")
        try:
            for file in follow(partial(hub.look_up, names), tick):
                facts[file.name] = self._agree(file)
        except NetworkError as error:
            raise self._scene.tell_network(error) from error
        return facts

    def _agree(self, file: HubFile) -> HubFile:
        pinned = self._files[file.name]
        if pinned is None:
            return file
        if len(file.checksum) == 64 and file.checksum != pinned:
            raise self._scene.tell_checksum(file.name)
        return HubFile(file.name, file.size, pinned)

    def _fetch_one(self, hub: Hub, file: HubFile, found: Findings) -> None:
        partial_file = self._partial(file)

        def report(there: int, doing: str) -> None:
            self._context.progress(self._done + there, self._total, doing)

        transfer(hub, file, partial_file, self._scene, report)
        self._place.put(partial_file, file.name, file.checksum)
        self._done += file.size
        note(found, file.name, self._place.files / file.name, file.checksum)

    def _check_room(self, needed: list[HubFile]) -> None:
        missing = sum(max(file.size - size_of(self._partial(file)), 0) for file in needed)
        free = shutil.disk_usage(self._place.work).free
        if missing and missing + _MARGIN > free:
            raise self._scene.tell_room(missing, free)

    def _sweep(self, needed: list[HubFile]) -> None:
        """Delete what others left behind a day ago; nobody writes while we hold the lock."""
        ours = {self._partial(file) for file in needed}
        left = {*self._place.work.glob(f"*{_PARTIAL}"), *self._place.work.glob("*.link")} - ours
        for path in left:
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > _ORPHAN_SECONDS:
                    path.unlink()

    def _mark(self, found: Findings) -> None:
        """Write the marker, the last thing of all."""
        marker = marker_of(self._place, self._wanted.revision)
        marker.parent.mkdir(parents=True, exist_ok=True)
        write_marker(marker, {**read_marker(marker), **found.verified})

    def _tell_there(self, state: str) -> None:
        """Say how much is on the disk, which ends the counting."""
        there = sum(size_of(self._place.files / name) for name in self._files)
        self._context.progress(there, None, state)

    def _partial(self, file: HubFile) -> Path:
        return self._place.work / f"{file.checksum}{_PARTIAL}"

    def _tell(self, doing: str) -> None:
        self._context.progress(self._done, self._total, doing)

    def _tell_offline(self, found: Findings) -> ModelDownloadError:
        why = "offline is set" if self._context.offline else "HF_HUB_OFFLINE is set"
        return ModelDownloadError(
            f"{len(found.missing)} of {len(self._files)} files of {self._wanted.name} are missing"
            f" in {self._place.files}, and {why}; fetch them once with a network",
            is_final=True,
        )
