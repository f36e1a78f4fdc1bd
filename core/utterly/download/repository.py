"""What is wanted from a hub, as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from utterly.errors import EngineUnavailableError

_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Repository:
    """One state of one repository.

    Attributes:
        name: Such as `hexgrad/Kokoro-82M`.
        revision: The whole commit: a branch could change under us.
    """

    name: str
    revision: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or ".." in self.name:
            raise EngineUnavailableError(f"{self.name!r} is no repository; it is called OWNER/NAME")
        if not _COMMIT.fullmatch(self.revision):
            raise EngineUnavailableError(
                f"{self.revision!r} is no revision; give the 40 digits of a commit"
            )


@dataclass(frozen=True, slots=True)
class HubFile:
    """What the hub says of one file.

    Attributes:
        name: Its path within the repository.
        size: In bytes.
        checksum: SHA-256 (64 digits), or what git calls the file (40 digits).
    """

    name: str
    size: int
    checksum: str


def check_file(name: str, checksum: str | None) -> None:
    """Refuse a path that leads out of the repository, and what is no SHA-256.

    Raises:
        EngineUnavailableError: It is one of these.
    """
    path = PurePosixPath(name)
    is_inside = not path.is_absolute() and ".." not in path.parts and str(path) == name != "."
    if not is_inside or re.search(r"[\\:\0]", name) or path.parts[0] == ".utterly":
        raise EngineUnavailableError(f"{name!r} is no path of a file within a repository")
    if checksum is not None and not _SHA256.fullmatch(checksum):
        raise EngineUnavailableError(f"the SHA-256 of {name!r} is not 64 digits from 0 to f")
