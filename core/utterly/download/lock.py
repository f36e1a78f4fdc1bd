"""One process fetches, the others wait for it, and nobody for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from utterly.errors import ModelDownloadError

PATIENCE_SECONDS = 120.0
"""How long the one who fetches may change nothing: checking a large file takes a while."""
_LOOK_SECONDS = 0.1


@contextmanager
def locked(work: Path, tick: Callable[[], object]) -> Iterator[None]:
    """Hold the lock of a folder; the operating system frees it when a process dies.

    Args:
        work: The folder, which exists.
        tick: Called ten times a second while another process holds it; may raise.

    Raises:
        ModelDownloadError: Another process holds it and gets nowhere.
        OSError: It cannot be taken here at all.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(work / "lock")
    seen, since = _sizes(work), monotonic()
    while True:
        try:
            lock.acquire(blocking=False)
            break
        except Timeout:
            tick()
            sleep(_LOOK_SECONDS)
        if (now := _sizes(work)) != seen:
            seen, since = now, monotonic()
        if monotonic() - since > PATIENCE_SECONDS:
            raise ModelDownloadError(
                f"another process holds {work / 'lock'} and gets nowhere; end it and try again",
                is_final=True,
            )
    try:
        yield
    finally:
        lock.release()


def _sizes(work: Path) -> dict[str, int]:
    """How large everything is that is being fetched."""
    sizes = {}
    for path in work.iterdir():
        try:
            sizes[path.name] = path.stat().st_size
        except FileNotFoundError:  # finished just now
            continue
    return sizes
