"""Engines in processes of their own: no fault at all gets out, and nothing is left behind."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from tests.faults.waiting import wait_until

from utterly import Policy, Speaker
from utterly.testing import write_distribution
from utterly.testing.faults import FATAL

SCRIPTED = """
from utterly.testing import Fault, ScriptedEngine

engine = ScriptedEngine({})
"""
APART = {"apart": {"isolation": "process"}}
PLACES = ("describe", "voices", "ensure_model", "load", "before_audio", "after_audio", "unload")

Install = Callable[[str], None]

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="processes end without signals here"
)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install the engine `apart`, scripted with these arguments."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(arguments: str) -> None:
        source = SCRIPTED.format(arguments)
        write_distribution(
            tmp_path, "utterly-apart", source=source, entry="apart = utterly_apart:engine"
        )

    return install


@pytest.mark.parametrize(
    "kind", ["segfault", *(pytest.param(k, marks=pytest.mark.slow) for k in FATAL[1:])]
)
@pytest.mark.parametrize("place", PLACES)
def test_guarantee_1_isolation_from_what_takes_the_process_down(
    install: Install, place: str, kind: str
) -> None:
    """Guarantee 1, isolation, without a reservation: no fault at all reaches caller or plugins."""
    install(f"Fault({place!r}, {kind!r}, after=0.1)")
    policy = Policy(
        prepare_seconds=5.0, load_seconds=5.0, first_audio_local_seconds=5.0, stall_seconds=1.0
    )
    with Speaker("apart,espeak", settings=APART, policy=policy, unload="after-request") as speaker:
        speech = speaker.say("This is one sentence. This is another one.")

    assert "complete" == speech.status
    assert (("apart",) if place == "unload" else ("espeak",)) == speech.engines
    wait_until(lambda: not psutil.Process().children())


def start_program(folder: Path, repository: Path, how: str) -> subprocess.Popen[str]:
    """Start a program that has an engine in a process of its own, and wait until it has."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.orphans", str(folder), how],
        cwd=repository,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout is not None
    assert "ready\n" == program.stdout.readline()
    return program


def close(program: subprocess.Popen[str]) -> None:
    """Wait for its end."""
    program.communicate()


@pytest.mark.parametrize("how", ["exit", "raise", "return"])
def test_program_that_ends_leaves_no_orphan(
    install: Install, tmp_path: Path, repository: Path, how: str
) -> None:
    """However a program comes to its end, the process of its engine does so with it."""
    install("")
    close(start_program(tmp_path, repository, how))

    wait_until(lambda: not find_processes(tmp_path))


@pytest.mark.parametrize("times", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_no_orphan_after_random_kills_of_the_program(
    install: Install, tmp_path: Path, repository: Path, times: int
) -> None:
    """A program that is shot at any moment takes the process of its engine with it."""
    install("delay=0.01")
    dice = random.Random(0)  # noqa: S311  # moments, no secrets
    for number in range(times):
        how = "speak" if number % 2 else "wait"
        program = start_program(tmp_path, repository, how)
        time.sleep(dice.random() * 0.2)
        program.kill()
        close(program)

    wait_until(lambda: not find_processes(tmp_path))


HOLDING_THE_LOCK = """
import ctypes
from pathlib import Path
import numpy as np
from utterly import Audio, EngineInfo, hookimpl

utterly_api = 1

@hookimpl
def describe():
    return EngineInfo("Apart", "local", ("en",), 24_000, licence="MIT")

@hookimpl
def synthesize():
    for _ in range(2):
        yield Audio(np.full(24_000, 0.1, np.float32), 24_000)
    Path(__file__).with_name("hangs").touch()
    ctypes.PyDLL(None).sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends it where Python cannot")
def test_no_orphan_of_a_library_that_hangs_with_pythons_lock(
    tmp_path: Path, repository: Path
) -> None:
    """No thread over there can see the end of the pipe, and the process ends all the same."""
    write_distribution(tmp_path, "utterly-apart", source=HOLDING_THE_LOCK)
    program = start_program(tmp_path, repository, "speak")
    wait_until((tmp_path / "hangs").exists)
    program.kill()
    close(program)

    wait_until(lambda: not find_processes(tmp_path))


def find_processes(folder: Path) -> list[int]:
    """Processes of engines that were installed in a folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if "utterly.isolation" in words and str(folder) in words:
            found.append(process.pid)
    return found
