"""A person can start the servers of clouds, and watch a chain fail over."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        ("edge", "hang_mid_stream", "UTTERLY_EDGE_ENDPOINT=127.0.0.1:"),
        ("gemini", "unavailable", "UTTERLY_GEMINI_ENDPOINT=http://127.0.0.1:"),
    ],
)
def test_person_can_start_it(name: str, fault: str, told: str, repository: Path) -> None:
    """It says how to point the engine at it, and ends when interrupted."""
    command = [sys.executable, "-m", f"tests.servers.{name}", fault, "--times", "1"]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(5)]
        process.send_signal(signal.SIGINT)
        code = process.wait(20)

    assert told in "".join(lines)
    assert 0 == code
