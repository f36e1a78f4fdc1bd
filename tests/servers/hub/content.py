"""What a hub has: repositories, each at one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

COMMIT = "f3ff3571791e39611d31c381e3a41a3af07b4987"
LARGE = 10_000
"""From so many bytes on, a file is kept as Git LFS keeps it: named by SHA-256, on the CDN."""


@dataclass(frozen=True, slots=True)
class Content:
    """Files of a repository.

    Attributes:
        repository: `OWNER/NAME`.
        files: Their bytes, by path.
        commit: The one that there is.
    """

    repository: str
    files: Mapping[str, bytes]
    commit: str = COMMIT

    def is_large(self, name: str) -> bool:
        """Whether it is on the CDN."""
        return len(self.files[name]) >= LARGE

    def sha256(self, name: str) -> str:
        """SHA-256 of a file."""
        return hashlib.sha256(self.files[name]).hexdigest()

    def etag(self, name: str) -> str:
        """What the hub calls the content of a file: SHA-256, or git's SHA-1 of a small one."""
        if self.is_large(name):
            return self.sha256(name)
        data = self.files[name]
        header = f"blob {len(data)}\0".encode()
        return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
