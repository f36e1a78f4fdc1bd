"""What the process of an engine does when the program that it belongs to is gone."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
"""From `linux/prctl.h`."""


def die_with(parent: int) -> None:
    """Have the system end this process with its parent, where the system does that.

    Everywhere, the pipe from the parent ends with it, and a thread here sees that. But a library
    that hangs with Python's lock in its hands lets no thread see anything.

    Args:
        parent: Its process id.
    """
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before we asked
        die()


def die() -> NoReturn:
    """End at once, with everything that was started here, whatever the threads are at."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)
