"""Compiled code for the decoder: made by a process of its own, kept in the user's cache.

torch's compiler takes half a minute, hundreds of megabytes, and settings and threads of the program
that it runs in. So none of it happens in the program that speaks: a child process compiles. What it
leaves behind loads in a moment and compiles nothing ever again, whatever the length of the text.
The next program finds it in the cache.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from utterly_kokoro._decoder import normalisation
from utterly_kokoro._decoder.normalisation import Kernels

KERNELS = ("sum_blocks", "apply_snake")
"""What is compiled: functions of `normalisation`, fields of `Kernels`."""

_CPU_INFO = Path("/proc/cpuinfo")


def load_kernels(folder: Path) -> Kernels:
    """Load compiled code.

    Args:
        folder: Where it lies.

    Raises:
        Exception: Of any kind, where it is not what it should be.
    """
    import torch

    return Kernels(
        **{name: torch._inductor.aoti_load_package(str(path)) for name, path in _files(folder)}  # noqa: SLF001  # documented by this name
    )


def is_compiled(folder: Path) -> bool:
    """Whether compiled code lies there, all of it."""
    return all(path.is_file() for _, path in _files(folder))


def remove_kernels(folder: Path) -> None:
    """Remove compiled code that cannot be used, where that is allowed."""
    for _, path in _files(folder):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def cache_folder(number_format: str) -> Path:
    """Where code for this processor, this torch, and these functions is kept."""
    import platformdirs

    parts = (
        version("torch"),
        platform.python_version(),
        platform.machine(),
        _processor_flags(),
        number_format,
        Path(normalisation.__file__).read_text("utf-8"),
    )
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("utterly", appauthor=False) / "kokoro-decoder" / key


def start_compiling(folder: Path, number_format: str) -> subprocess.Popen[bytes]:
    """Start the process that compiles; it ends when its standard input is closed."""
    command = [sys.executable, "-m", "utterly_kokoro._decoder.compiling"]
    return subprocess.Popen(  # noqa: S603  # our own program, no shell
        [*command, str(folder), number_format],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def file_name(kernel: str) -> str:
    """What the code of one function is kept as."""
    return f"{kernel}.pt2"


def _files(folder: Path) -> list[tuple[str, Path]]:
    return [(name, folder / file_name(name)) for name in KERNELS]


def _processor_flags() -> str:
    """What the processor can do: code for one that can do more would end the process."""
    try:
        lines = _CPU_INFO.read_text("utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")
