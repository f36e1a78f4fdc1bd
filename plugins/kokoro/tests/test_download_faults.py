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

FAULTS: dict[Fault, str] = {
    **TOLD,
    "cut-always": "broke; try again later: what is there is kept",
    "wrong-bytes-once": "wrong checksum; try again on another network",
}
"""What is told of those that keep the model from coming."""


class CommandLine:
    """Runs `utterly` in this process, for the tiny model."""

    def __init__(self, settings: KokoroSettings, capsys: pytest.CaptureFixture[str]) -> None:
        self._settings = name_settings(settings)
        self._capsys = capsys
        self.output = ""
        self.error = ""

    def run(self, *arguments: str) -> int:
        """The exit code; what was written is kept."""
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        self.output, self.error = self._capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return caught.value.code

    def say(self, *options: str) -> dict[str, Any]:
        """What comes of a sentence, Kokoro first and eSpeak behind it; it is always spoken."""
        assert 0 == self.speak("--json", *options)
        result: dict[str, Any] = json.loads(self.output)
        return result

    def speak(self, *options: str) -> int:
        """The exit code."""
        words = ("say", "Good evening.", "--engines", "kokoro,espeak", "-o", "out.wav")
        return self.run(*words, *self._settings, *options)

    def pull(self) -> str:
        """What becomes of the model."""
        self.run("models", "pull", "kokoro", *self._settings)
        return self.output.split()[1]

    def failures(self) -> list[str]:
        """The lines that tell of a failure."""
        return [line for line in self.error.splitlines() if " failed (" in line]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The folder of the model, which is not there yet."""
    return tmp_path / "target" / "Kokoro-82M"


@pytest.fixture
def utterly(
    tiny_model_dir: Path,
    target: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> CommandLine:
    """The command line, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(tiny_model_dir))
    settings = KokoroSettings(model_dir=target, checksums=sums, spacy_repository="")
    return CommandLine(settings, capsys)


@pytest.mark.parametrize("fault", FAULTS)
def test_espeak_speaks(
    hub: Hub,
    utterly: CommandLine,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """One line says why and what to do; nothing wrong or half-done is left under a final name."""
    if fault.startswith("hang"):
        monkeypatch.setattr(following, "SILENT_SECONDS", 0.5)
    hub.faults = {fault}
    result = utterly.say()
    (line,) = utterly.failures()
    right = hub.contents[0].files

    assert (["espeak"], True, "complete") == (
        result["engines"],
        result["degraded"],
        result["status"],
    )
    assert line.startswith("utterly: kokoro failed (ModelDownloadError: cannot fetch hexgrad/")
    assert FAULTS[fault] in line
    assert line.endswith("espeak takes over")
    assert {name: right[name] for name in read_files(target)} == read_files(target)
    if fault != "cut-always":  # some of each request arrives, and with two tries it may be enough
        assert "kokoro-v1_0.pth" not in read_files(target)


@pytest.mark.parametrize("fault", FAULTS)
def test_next_time_it_is_fetched(
    hub: Hub,
    utterly: CommandLine,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """A fault leaves nothing behind that would keep the model from coming."""
    with monkeypatch.context() as patch:
        if fault.startswith("hang"):
            patch.setattr(following, "SILENT_SECONDS", 0.5)
        hub.faults = {fault}
        before = utterly.pull()
    hub.faults = set()

    assert ("missing", "ready") == (before, utterly.pull())
    assert hub.contents[0].files == read_files(target)


@pytest.mark.parametrize("fault", sorted(set(get_args(Fault)) - set(FAULTS)))
def test_passing_fault_is_not_noticed(
    hub: Hub, utterly: CommandLine, target: Path, fault: Fault
) -> None:
    """The model comes all the same."""
    hub.faults = {fault}

    assert "ready" == utterly.pull()
    assert hub.contents[0].files == read_files(target)


def test_kokoro_speaks_and_later_without_the_hub(hub: Hub, utterly: CommandLine) -> None:
    """The second time nobody is asked, and nothing is missed offline."""
    hub.faults = {"cut-at-half"}
    first = utterly.say()
    failures = utterly.failures()
    hub.requests.clear()
    hub.faults = {"status-503"}
    second = utterly.say("--offline")

    assert [["kokoro"]] * 2 == [speech["engines"] for speech in (first, second)]
    assert "ready" == utterly.pull()
    assert [] == failures
    assert {} == dict(hub.requests)


def test_no_network(utterly: CommandLine, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How to do without one is said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    result = utterly.say()
    (line,) = utterly.failures()

    assert ["espeak"] == result["engines"]
    assert f"no network: 127.0.0.1:{port} cannot be reached; try again, fetch it elsewhere" in line
    assert f"copy it to {target}, or use another engine" in line


def test_offline(utterly: CommandLine, hub: Hub) -> None:
    """Nobody is asked, and it is said that this is why."""
    result = utterly.say("--offline")

    assert ["espeak"] == result["engines"]
    assert "6 of 6 files of hexgrad/Kokoro-82M are missing" in utterly.failures()[0]
    assert "offline is set; fetch them once with a network" in utterly.failures()[0]
    assert {} == dict(hub.requests)


@pytest.mark.usefixtures("hub")
@pytest.mark.skipif(not Path("/sys").is_dir(), reason="a folder that refuses the root user too")
def test_folder_that_cannot_be_written(utterly: CommandLine) -> None:
    """Which folder, and which setting."""
    result = utterly.say("--set", "kokoro.model_dir=/sys/Kokoro-82M")
    (line,) = utterly.failures()

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


def test_disk_without_room(hub: Hub, utterly: CommandLine, small_disk: Path) -> None:
    """It is known before anything is fetched, and said how much it takes."""
    result = utterly.say("--set", f"kokoro.model_dir={small_disk}/Kokoro-82M")
    size = sum(map(len, hub.contents[0].files.values())) / 1e6
    (line,) = utterly.failures()

    assert ["espeak"] == result["engines"]
    assert re.search(rf"it takes {size:,.1f} MB, and 1\.0 MB are free in .*; make room", line)
    assert 0 == hub.bytes_sent["kokoro-v1_0.pth"]


@pytest.mark.usefixtures("hub")
def test_disk_that_fills_up(
    utterly: CommandLine, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else took the room meanwhile: what is there is kept for the next time."""
    monkeypatch.setattr("utterly.download.fetching._MARGIN", -10_000_000)
    result = utterly.say("--set", f"kokoro.model_dir={small_disk}/Kokoro-82M")
    (line,) = utterly.failures()
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
    hub: Hub, utterly: CommandLine, target: Path, tiny_model_dir: Path, damage: str
) -> None:
    """Only that file is fetched."""
    shutil.copytree(tiny_model_dir, target)
    DAMAGES[damage](target)

    assert "ready" == utterly.pull()
    assert 1 == len(hub.bytes_sent)
    assert hub.contents[0].files == read_files(target)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_never_used(
    utterly: CommandLine, target: Path, tiny_model_dir: Path, damage: str
) -> None:
    """Where nobody can be asked, eSpeak speaks."""
    shutil.copytree(tiny_model_dir, target)
    DAMAGES[damage](target)

    assert ["espeak"] == utterly.say("--offline")["engines"]


def test_strict_takes_no_substitute(hub: Hub, utterly: CommandLine) -> None:
    """Nothing is written, and the line is the same."""
    hub.faults = {"status-404"}

    assert 1 == utterly.speak("--strict")
    assert FAULTS["status-404"] in utterly.error
    assert not Path("out.wav").exists()
