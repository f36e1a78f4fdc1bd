"""How much memory the process of an engine may have, has, and finds."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from utterly.errors import EngineUnavailableError

MEGABYTE = 2**20

_GROUP = Path("/sys/fs/cgroup")
"""The control group of this process, as a container sees its own."""


class MemoryLimit:
    """What a process may have; false where it may have any.

    Args:
        megabytes: The limit, `None` for none.
    """

    def __init__(self, megabytes: int | None) -> None:
        self._megabytes = megabytes

    def __bool__(self) -> bool:
        return self._megabytes is not None

    def is_passed(self, process: int) -> bool:
        """Whether a process has more."""
        return self._megabytes is not None and _resident(process) > self._megabytes * MEGABYTE

    def check_loaded(self, process: int) -> None:
        """Refuse a limit that would be passed before a word is spoken.

        Raises:
            EngineUnavailableError: It is.
        """
        if self.is_passed(process):
            raise EngineUnavailableError(
                f"its model alone takes {_resident(process) / MEGABYTE:.0f} MB of the"
                f" {self._megabytes} MB that memory_limit allows",
                mend="raise memory_limit",
            )

    def describe_excess(self, process: int) -> str:
        """Why a process is replaced."""
        resident = _resident(process) / MEGABYTE
        return f"its process had {resident:.0f} MB of the {self._megabytes} MB that it may have"

    def leaves_room_beside(self, process: int) -> bool:
        """Whether the machine has room for another one that is as large."""
        return _available() > _resident(process)


def _resident(process: int) -> int:
    """Bytes of a process that are in memory; 0 where there is no such process."""
    import psutil

    with suppress(psutil.Error):
        return int(psutil.Process(process).memory_info().rss)
    return 0


def _available() -> int:
    """Bytes that can be taken without anything being swapped out, or a group's limit passed."""
    import psutil

    available = int(psutil.virtual_memory().available)
    with suppress(OSError, ValueError):  # no such system, or a group without a limit
        limit = int((_GROUP / "memory.max").read_text("ascii"))
        used = int((_GROUP / "memory.current").read_text("ascii"))
        return min(available, limit - used)
    return available
