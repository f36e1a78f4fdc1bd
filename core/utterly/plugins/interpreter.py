"""Another Python: started with what this one finds, ended with all that it started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

# The path is handed over before anything of ours is imported, so that the child finds what the
# parent found. ASCII throughout: arguments have no other encoding that all systems agree on.
_PROGRAM = """
import json, sys
task = json.loads(sys.argv[1])
sys.path[:] = task["path"]
from importlib import import_module
import_module(task["module"]).main(*task["arguments"])
"""

_WINDOWS_FAULTS = {
    0xC0000005: "access violation",
    0xC00000FD: "stack overflow",
    0xC0000374: "heap corruption",
}


def can_start_python() -> bool:
    """Whether there is an interpreter; a frozen program would start itself."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def start_python(module: str, *arguments: Any, **options: Any) -> subprocess.Popen[Any]:
    """Run the `main` of a module of ours in a new process, in a group of its own.

    Args:
        module: Its full name.
        *arguments: For `main`; whatever JSON has a form for. Anybody can read them.
        **options: As `subprocess.Popen` takes them.

    Raises:
        OSError: No process can be started.
    """
    task = {
        "path": [str(folder) for folder in sys.path],
        "module": module,
        "arguments": arguments,
    }
    return subprocess.Popen(  # noqa: S603  # our own program, no shell
        [sys.executable, "-P", "-c", _PROGRAM, json.dumps(task)],
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        **options,
    )


def kill_group(process: subprocess.Popen[Any]) -> None:
    """End a process that `start_python` began, and all that was started in its group."""
    if hasattr(os, "killpg"):
        # macOS refuses where only a zombie is left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def describe_end(code: int) -> str:
    """How a process ended, in words.

    Args:
        code: As `Popen.returncode` has it.
    """
    if code < 0:
        name, words = _signal_name(-code), _signal_words(-code)
        return f"signal {name} ({words})" if words else f"signal {name}"
    if code in _WINDOWS_FAULTS:
        return f"exit code {code:#x} ({_WINDOWS_FAULTS[code]})"
    return f"exit code {code}"


def _signal_name(number: int) -> str:
    """The name of a signal, its number where it has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _signal_words(number: int) -> str:
    """What the system calls a signal, where it does."""
    try:
        return signal.strsignal(number) or ""
    except ValueError:
        return ""
