"""The server itself: what it refuses, and that a person can start it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers.gemini import FAULTS, STREAM_FAULTS, GeminiServer


def test_unknown_fault_is_refused() -> None:
    """A misspelt switch would test nothing."""
    with GeminiServer() as server, pytest.raises(KeyError):
        server.fail("rate-limit")


def test_every_fault_is_described(repository: Path) -> None:
    """The list is what a person reads."""
    page = (repository / "tests" / "servers" / "gemini" / "README.md").read_text("utf-8")
    every = FAULTS | STREAM_FAULTS
    described = {name for name in every if f"`{name.removesuffix('-midway')}`" in page}

    assert every.keys() == described | {name for name in every if f"`{name}`" in page}


def test_person_can_start_it(repository: Path) -> None:
    """It says how to point the engine at it, and ends when interrupted."""
    command = [sys.executable, "-m", "tests.servers.gemini", "unavailable", "--times", "1"]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        process.send_signal(signal.SIGINT)
        code = process.wait(20)

    assert "UTTERLY_GEMINI_ENDPOINT=http://127.0.0.1:" in "".join(lines)
    assert 0 == code
