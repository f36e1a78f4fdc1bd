"""Giving memory back to the system."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
from pathlib import Path

_STATM = Path("/proc/self/statm")


def trim_memory() -> None:
    """Return to the system what the C library keeps of freed memory.

    torch takes and frees large blocks for each length of text. glibc keeps them, and a process that
    speaks many sentences grows without end (https://github.com/hexgrad/kokoro/issues/152).
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


def release_memory() -> None:
    """Collect what nobody refers to, on the card too, and return it to the system."""
    gc.collect()
    import torch

    torch.cuda.empty_cache()  # does nothing where the card was not used
    trim_memory()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether there was no memory, on the card or beside it; torch has many ways to say so."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and ("out of memory" in words or "allocat" in words)
    )


def resident_megabytes() -> float:
    """Memory of this process that is in use; 0 where the system does not say."""
    try:
        pages = int(_STATM.read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
