"""The command line as a program of its own."""

from __future__ import annotations

import os
import sys

from utterly.cli import main
from utterly.engine.threads import threads


def run() -> None:
    """Run the command line, and end with its exit code whatever an engine is still at.

    A thread that comes back from a library's native code while the interpreter ends takes the
    program down with SIGABRT (https://github.com/python/cpython/issues/87135, until Python 3.14).
    So where an engine could not be stopped, the interpreter is not ended but left.
    """
    try:
        main()
    except SystemExit as ending:
        if not (threads.are_busy and isinstance(ending.code, int)):
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ending.code)
