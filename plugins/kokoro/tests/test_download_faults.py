"""Every fault of a hub, from the command line: eSpeak speaks, and one line says what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.fetching import name_settings, read_files
from plugins.kokoro.tests.speaking import write_sums
from tests.core.download.test_faults import TOLD
from tests.servers.hub import Fault, Hub

from utterly.cli import main
from utterly.download import following
from utterly_kokoro import KokoroSettings

PASSING: set[Fault] = set(get_args(Fault)) - set(TOLD) - {"cut-always"}
"""Faults that nobody notices. The one without an end is as good as a broken connection."""


class Say:
    """Speaks from the command line, Kokoro first and eSpeak behind it."""

    def __init__(self, settings: KokoroSettings, capsys: pytest.CaptureFixture[str]) -> None:
        self._settings = settings
        self._capsys = capsys
        self.error = ""

    def __call__(self, *options: str) -> dict[str, Any]:
        """The result; what was told on standard error is kept."""
        words = ("say", "Good evening.", "--engines", "kokoro,espeak", "--json", "-o", "out.wav")
        with pytest.raises(SystemExit) as caught:
            main([*words, *name_settings(self._settings), *options])
        output = self._capsys.readouterr()
        self.error = output.err

        assert 0 == caught.value.code
        result: dict[str, Any] = json.loads(output.out)
        return result

    def fail(self, *options: str) -> int:
        """The exit code where nothing is spoken."""
        words = ("say", "Good evening.", "--engines", "kokoro,espeak", "-o", "out.wav")
        with pytest.raises(SystemExit) as caught:
            main([*words, *name_settings(self._settings), *options])
        self.error = self._capsys.readouterr().err
        assert isinstance(caught.value.code, int)
        return caught.value.code

    def failures(self) -> list[str]:
        """The lines that tell of a failure."""
        return [line for line in self.error.splitlines() if " failed (" in line]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The folder of the model, which is not there yet."""
    return tmp_path / "target" / "Kokoro-82M"


@pytest.fixture
def say(
    tiny_model_dir: Path,
    target: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Say:
    """Speak with the tiny model, in a folder of the test's own; nobody waits for 20 seconds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(following, "SILENT_SECONDS", 0.3)
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(tiny_model_dir))
    return Say(KokoroSettings(model_dir=target, checksums=sums, spacy_repository=""), capsys)


@pytest.mark.parametrize("fault", TOLD)
def test_espeak_speaks(hub: Hub, say: Say, target: Path, fault: Fault) -> None:
    """One line says why and what to do; nothing wrong or half-done is left under a final name."""
    hub.faults = {fault}
    result = say()
    (line,) = say.failures()
    right = hub.contents[0].files

    assert (["espeak"], True, "complete") == (
        result["engines"],
        result["degraded"],
        result["status"],
    )
    assert line.startswith("utterly: kokoro failed (ModelDownloadError: cannot fetch hexgrad/")
    assert TOLD[fault] in line
    assert line.endswith("espeak takes over")
    assert {name: right[name] for name in read_files(target)} == read_files(target)
    assert "kokoro-v1_0.pth" not in read_files(target)


@pytest.mark.parametrize("fault", sorted(PASSING))
def test_kokoro_speaks_after_a_passing_fault(hub: Hub, say: Say, fault: Fault) -> None:
    """Nobody hears of it."""
    hub.faults = {fault}

    assert (["kokoro"], False) == ((result := say())["engines"], result["degraded"])
    assert [] == say.failures()


def test_next_time_kokoro_speaks(hub: Hub, say: Say) -> None:
    """A fault leaves nothing behind that would keep it from that."""
    hub.faults = {"hang-at-half"}
    before = say()["engines"]
    hub.faults = set()

    assert (["espeak"], ["kokoro"]) == (before, say()["engines"])


def test_no_network(say: Say, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How to do without one is said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    result = say()
    (line,) = say.failures()

    assert ["espeak"] == result["engines"]
    assert f"no network: 127.0.0.1:{port} cannot be reached; try again, fetch it elsewhere" in line
    assert f"copy it to {target}, or use another engine" in line


def test_offline(say: Say, hub: Hub) -> None:
    """Nobody is asked, and it is said that this is why."""
    result = say("--offline")

    assert ["espeak"] == result["engines"]
    assert "4 of 4 files of hexgrad/Kokoro-82M are missing" in say.failures()[0]
    assert "offline is set; fetch them once with a network" in say.failures()[0]
    assert {} == dict(hub.requests)


@pytest.mark.usefixtures("hub")
@pytest.mark.skipif(not Path("/sys").is_dir(), reason="a folder that refuses the root user too")
def test_folder_that_cannot_be_written(say: Say) -> None:
    """Which folder, and which setting."""
    result = say("--set", "kokoro.model_dir=/sys/Kokoro-82M")
    (line,) = say.failures()

    assert ["espeak"] == result["engines"]
    assert "cannot write to /sys/Kokoro-82M" in line
    assert "choose another folder in the engine's settings" in line


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; there is none where it cannot be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or not mount or os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root on Linux")
    command = [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  # as it was mounted


def test_disk_without_room(hub: Hub, say: Say, small_disk: Path) -> None:
    """It is known before anything is fetched, and said how much it takes."""
    result = say("--set", f"kokoro.model_dir={small_disk}/Kokoro-82M")
    size = sum(map(len, hub.contents[0].files.values())) / 1e6
    (line,) = say.failures()

    assert ["espeak"] == result["engines"]
    assert re.search(rf"it takes {size:,.1f} MB, and 1\.0 MB are free in .*; make room", line)
    assert 0 == hub.bytes_sent["kokoro-v1_0.pth"]


@pytest.mark.usefixtures("hub")
def test_disk_that_fills_up(
    say: Say, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else took the room meanwhile: what is there is kept for the next time."""
    monkeypatch.setattr("utterly.download.fetching._MARGIN", -10_000_000)
    result = say("--set", f"kokoro.model_dir={small_disk}/Kokoro-82M")
    (line,) = say.failures()
    kept = [path for path in small_disk.rglob("*.partial") if path.stat().st_size]

    assert ["espeak"] == result["engines"]
    assert f"the disk of {small_disk}/Kokoro-82M is full; make room" in line
    assert 1 == len(kept)
    assert "kokoro-v1_0.pth" not in read_files(small_disk)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing weights": lambda model: (model / "kokoro-v1_0.pth").unlink(),
    "truncated weights": lambda model: (model / "kokoro-v1_0.pth").write_bytes(b"PK\3\4"),
    "damaged config": lambda model: (model / "config.json").write_text("{}", "ascii"),
    "damaged voice": lambda model: (model / "voices" / "af_heart.pt").write_bytes(b"no"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_mended(
    hub: Hub, say: Say, target: Path, tiny_model_dir: Path, damage: str
) -> None:
    """Kokoro speaks, and only that file was fetched."""
    shutil.copytree(tiny_model_dir, target)
    DAMAGES[damage](target)

    assert ["kokoro"] == say()["engines"]
    assert 1 == len(hub.bytes_sent)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_never_used(
    say: Say, target: Path, tiny_model_dir: Path, damage: str
) -> None:
    """Where nobody can be asked, eSpeak speaks."""
    shutil.copytree(tiny_model_dir, target)
    DAMAGES[damage](target)

    assert ["espeak"] == say("--offline")["engines"]


def test_strict_takes_no_substitute(hub: Hub, say: Say) -> None:
    """Nothing is written, and the line is the same."""
    hub.faults = {"status-404"}

    assert 1 == say.fail("--strict")
    assert TOLD["status-404"] in say.error
    assert not Path("out.wav").exists()
