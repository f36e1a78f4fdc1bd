"""Processes that are killed, that come together, or that the system holds short."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.core.download.conftest import REPOSITORY, Fetch
from tests.servers.hub import COMMIT, Content, Hub

from utterly import Context
from utterly.download import fetch_files

PROGRAM = """
import json, sys
from utterly import Context, EngineError
from utterly.download import fetch_files

repository, revision, files, folder, limit = json.loads(sys.argv[1])
if limit:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    fetch_files(repository, revision, files, folder, Context())
except EngineError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def start(files: dict[str, str | None], folder: Path, limit: int = 0) -> subprocess.Popen[str]:
    """Fetch in a process of its own, no file of which may grow beyond a limit."""
    task = json.dumps([REPOSITORY, COMMIT, files, str(folder), limit])
    command = [sys.executable, "-c", PROGRAM, task]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def kill_when(hub: Hub, process: subprocess.Popen[str], sent: int) -> None:
    """Kill a process, as a loss of power would, when so much of the weights was sent to it."""
    while hub.bytes_sent["weights.pth"] < sent:
        assert hub.piece_sent.wait(30)
        hub.piece_sent.clear()
    process.kill()
    process.communicate()


def test_killed_at_nine_tenths(
    hub: Hub, content: Content, fetch: Fetch, files: dict[str, str | None], folder: Path
) -> None:
    """The next process fetches about the last tenth."""
    whole = len(content.files["weights.pth"])
    hub.faults = {"slow"}
    kill_when(hub, start(files, folder), sent=whole * 9 // 10)
    hub.faults = set()
    hub.bytes_sent.clear()
    fetch()

    assert content.files["weights.pth"] == (folder / "weights.pth").read_bytes()
    assert hub.bytes_sent["weights.pth"] < whole // 4


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_moments(
    hub: Hub, content: Content, files: dict[str, str | None], folder: Path, seed: int
) -> None:
    """However often it is killed, no half file has its final name, and in the end all is there."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    hub.faults = {"slow"}
    for _ in range(2):
        sent = hub.bytes_sent["weights.pth"] + dice.randrange(20_000, 400_000)
        kill_when(hub, start(files, folder), sent)
        assert not (folder / "weights.pth").exists()
    hub.faults = set()
    fetch_files(REPOSITORY, COMMIT, files, folder, Context())

    assert content.files == {name: (folder / name).read_bytes() for name in content.files}


@pytest.mark.parametrize("count", [2, 4])
def test_several_at_once_fetch_once(
    hub: Hub, content: Content, files: dict[str, str | None], folder: Path, count: int
) -> None:
    """One fetches, the others wait, and all succeed."""
    hub.faults = {"slow"}
    processes = [start(files, folder) for _ in range(count)]
    told = [process.communicate()[1] for process in processes]

    assert [""] * count == told
    assert {name: len(data) for name, data in content.files.items()} == dict(hub.bytes_sent)


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of POSIX")
def test_full_disk(
    hub: Hub, content: Content, fetch: Fetch, files: dict[str, str | None], folder: Path
) -> None:
    """It is told with the mend, what is there is kept, and the next time goes on from there."""
    process = start(files, folder, limit=500_000)
    told = process.communicate()[1]
    hub.bytes_sent.clear()
    fetch()

    assert f"ModelDownloadError: cannot fetch {REPOSITORY}: the disk of {folder} is full" in told
    assert hub.bytes_sent["weights.pth"] < 0.7 * len(content.files["weights.pth"])
