"""The command line as a process: streams, signals and a reader that goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from utterly.testing import write_distribution

HANGING_ENGINE = """
from utterly import hookimpl
from utterly.testing import Fault, ScriptedEngine

engine = ScriptedEngine(Fault("before_audio", kind="hang", stubborn=True))
"""

NATIVE_ENGINE = """
import torch
from utterly import hookimpl
from utterly.testing import ScriptedEngine


class Engine(ScriptedEngine):
    @hookimpl
    def synthesize(self):
        values = torch.ones(300, 300)
        print("speaks", flush=True)
        while True:
            values @ values


engine = Engine()
"""


def start(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command line in a folder, with the plugins that are installed there."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "utterly", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
def test_interrupt_ends_a_hung_engine_with_130(tmp_path: Path) -> None:
    """Ctrl-C works though the engine ignores everything, and leaves no traceback."""
    write_distribution(
        tmp_path,
        "utterly-hanging",
        source=HANGING_ENGINE,
        module="hanging",
        entry="hanging = hanging:engine",
    )
    with start(tmp_path, "say", "One.", "--engines", "hanging", "-v") as process:
        assert process.stderr is not None
        while b"is loaded" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)

    assert 130 == process.returncode
    assert b"interrupted" in error
    assert b"Traceback" not in error


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
def test_engine_in_native_code_does_not_abort_the_end(tmp_path: Path) -> None:
    """The exit code is that of what happened, although a library cannot be stopped."""
    pytest.importorskip("torch")
    write_distribution(
        tmp_path,
        "utterly-native",
        source=NATIVE_ENGINE,
        module="native",
        entry="native = native:engine",
    )
    with start(tmp_path, "say", "One.", "--engines", "native") as process:
        assert process.stdout is not None
        assert b"speaks\n" == process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)

    assert (130, b"utterly: interrupted\n") == (process.returncode, error)


def test_closed_pipe_leaves_no_traceback(tmp_path: Path) -> None:
    """A reader that has gone is the reader's business."""
    with start(tmp_path, "voices") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read()
        process.wait(30)

    assert b"" == error
    assert 4 == process.returncode


def test_version_is_that_of_the_distribution(tmp_path: Path) -> None:
    """`utterly --version` tells what is installed."""
    from utterly import __version__

    with start(tmp_path, "--version") as process:
        output, _ = process.communicate(timeout=30)

    assert f"utterly, version {__version__}" == output.decode().strip()
