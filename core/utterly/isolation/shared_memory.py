"""Memory that two processes have in common, without a name that could be left behind.

What `multiprocessing.shared_memory` makes has a name, and whoever is killed leaves it on the disk,
or to a third process that watches over it. This is a file without a name, inherited, and on Windows
memory that goes with its last user.
"""

from __future__ import annotations

import mmap
import os
import sys
from dataclasses import dataclass
from tempfile import TemporaryFile
from uuid import uuid4


@dataclass(frozen=True, slots=True)
class SharedMemory:
    """Memory made for another process.

    Attributes:
        memory: It.
        handle: What `open_shared_memory` takes in the other process.
        descriptors: What the other process has to inherit.
    """

    memory: mmap.mmap
    handle: int | str
    descriptors: tuple[int, ...]

    def close_descriptors(self) -> None:
        """Once the other process has inherited them, or nobody will."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def create_shared_memory(size: int) -> SharedMemory:
    """Make some.

    Args:
        size: Bytes.

    Raises:
        OSError: There is none.
    """
    if sys.platform == "win32":
        name = f"utterly-{uuid4().hex}"
        return SharedMemory(mmap.mmap(-1, size, tagname=name), name, ())
    descriptor = _open_nameless()
    try:
        os.ftruncate(descriptor, size)
        return SharedMemory(mmap.mmap(descriptor, size), descriptor, (descriptor,))
    except OSError:
        os.close(descriptor)
        raise


def open_shared_memory(handle: int | str, size: int) -> mmap.mmap:
    """Open what another process has made; its descriptor is closed.

    Raises:
        OSError: It is not there.
    """
    if isinstance(handle, str):
        return mmap.mmap(-1, size, tagname=handle)  # type: ignore[call-arg]  # as on Windows
    try:
        return mmap.mmap(handle, size)
    finally:
        os.close(handle)


def _open_nameless() -> int:
    """A descriptor of a file that is nowhere to be found."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("utterly")
    with TemporaryFile() as file:
        return os.dup(file.fileno())
