"""Where files are kept: in the hub's own cache, shared with other tools, or in a plain folder.

Each has a folder `.utterly` for what is not ready yet, on the same disk as the files: they are
moved from there under their names, which no half one ever has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from utterly.download.hub import library
from utterly.download.repository import Repository

WORK = ".utterly"
_BLOB = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class Place(Protocol):
    """A place for the files of one repository."""

    @property
    def files(self) -> Path:
        """The folder that holds them under the names that they have in the repository."""

    @property
    def work(self) -> Path:
        """The folder for the lock, the marker and what is being fetched."""

    @property
    def setting(self) -> str:
        """What to change to have another place."""

    def known_checksum(self, name: str) -> str | None:
        """The checksum that the place itself knows of a file that is there."""

    def blob(self, name: str) -> Path | None:
        """What a file is a link to, where no other link needs it."""

    def borrow(self, name: str, is_right: Callable[[Path], bool]) -> bool:
        """Have a file as another revision has it, where that one is right."""

    def put(self, finished: Path, name: str, checksum: str) -> None:
        """Move a verified file to its name, in one step.

        Raises:
            OSError: It cannot be moved.
        """


class PlainFolder:
    """A folder that people can look into and copy.

    Args:
        files: It.
    """

    setting = "choose another folder in the engine's settings"

    def __init__(self, files: Path) -> None:
        self.files = files
        self.work = files / WORK

    def known_checksum(self, name: str) -> str | None:  # noqa: ARG002  # as the hub's cache
        """Nothing."""
        return None

    def blob(self, name: str) -> Path | None:  # noqa: ARG002  # as above
        """Nothing: what a link of the user's points to is the user's."""
        return None

    def borrow(self, name: str, is_right: Callable[[Path], bool]) -> bool:  # noqa: ARG002  # as above
        """Nobody else is here."""
        return False

    def put(self, finished: Path, name: str, checksum: str) -> None:  # noqa: ARG002  # as above
        """Move it; a link that was there is replaced, not followed."""
        target = self.files / name
        target.parent.mkdir(parents=True, exist_ok=True)
        finished.replace(target)


class HubCache:
    """The cache of `huggingface_hub`: blobs by checksum, and links to them for each revision.

    https://huggingface.co/docs/huggingface_hub/guides/manage-cache has its layout.

    Args:
        repository: Whose files.
    """

    setting = "set HF_HOME to another folder"

    def __init__(self, repository: Repository) -> None:
        folder = f"models--{repository.name.replace('/', '--')}"
        self._folder = Path(library().constants.HF_HUB_CACHE) / folder
        self.files = self._folder / "snapshots" / repository.revision
        self.work = self._folder / WORK

    def known_checksum(self, name: str) -> str | None:
        """The name of its blob, which is its checksum."""
        blob = (self.files / name).resolve().name
        return blob if _BLOB.fullmatch(blob) else None

    def blob(self, name: str) -> Path | None:
        """The blob, unless another revision has a file with the same content."""
        target = (self.files / name).resolve()
        if target.parent != (self._folder / "blobs").resolve():
            return None
        snapshots = (self._folder / "snapshots").rglob("*")
        users = [path for path in snapshots if path.is_symlink() and path.resolve() == target]
        return target if users == [self.files / name] else None

    def borrow(self, name: str, is_right: Callable[[Path], bool]) -> bool:
        """Link to the blob of another revision, as after a download by another tool."""
        with suppress(OSError):  # there is none, or no right to make links
            for revision in sorted(self.files.parent.iterdir()):
                copy = revision / name
                if revision != self.files and copy.is_file() and is_right(copy):
                    self.work.mkdir(parents=True, exist_ok=True)
                    self._prepare_link(copy.resolve(), name).replace(self.files / name)
                    return True
        return False

    def put(self, finished: Path, name: str, checksum: str) -> None:
        """Move it among the blobs and link to it; without links, it lies in the snapshot itself."""
        blob = self._folder / "blobs" / checksum
        blob.parent.mkdir(parents=True, exist_ok=True)
        try:
            link = self._prepare_link(blob, name)
        except OSError:  # Windows, without the right to make links
            finished.replace(self.files / name)
        else:
            finished.replace(blob)
            link.replace(self.files / name)

    def _prepare_link(self, blob: Path, name: str) -> Path:
        """A link that only has to be moved to the name of the file."""
        folder = (self.files / name).parent
        folder.mkdir(parents=True, exist_ok=True)
        link = self.work / f"{blob.name}.{os.getpid()}.link"
        with suppress(FileNotFoundError):
            link.unlink()
        link.symlink_to(os.path.relpath(blob, folder))
        return link


def choose_place(repository: Repository, folder: str | os.PathLike[str] | None) -> Place:
    """The folder that the user named, or else the hub's cache.

    Raises:
        EngineUnavailableError: It is the cache, and its library is not installed.
    """
    return HubCache(repository) if folder is None else PlainFolder(Path(folder))
