"""The command line in processes of its own: killed, several at once, and the whole way."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from plugins.kokoro.tests import judges
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.fetching import read_files, start_utterly
from plugins.kokoro.tests.speaking import write_sums
from tests.servers.hub import Content, Hub

from utterly_kokoro import KokoroSettings

WEIGHTS = "kokoro-v1_0.pth"
PULL = ("models", "pull", "kokoro")


@pytest.fixture
def settings(tiny_model_dir: Path, tmp_path: Path) -> KokoroSettings:
    """The tiny model, to be had in a folder that is not there yet."""
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(tiny_model_dir))
    folder = tmp_path / "target" / "Kokoro-82M"
    return KokoroSettings(model_dir=folder, checksums=sums, spacy_repository="")


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a process that succeeds; what it wrote to standard error."""
    output, error = process.communicate(timeout=100)

    assert (0, "ready") == (process.returncode, output.split()[1])
    return error


def kill_at(hub: Hub, process: subprocess.Popen[str], sent: int) -> None:
    """Kill a process, as a loss of power would, when so much of the weights was sent to it."""
    while hub.bytes_sent[WEIGHTS] < sent:
        assert hub.piece_sent.wait(60)
        hub.piece_sent.clear()
    process.kill()
    process.communicate()


def test_pull_tells_how_far_it_is(hub: Hub, settings: KokoroSettings) -> None:
    """How much is missing and where it comes from, and in the end that all of it is there."""
    size = sum(map(len, hub.contents[0].files.values())) / 1e6
    told = finish(start_utterly(*PULL, settings=settings))
    host = hub.url.removeprefix("http://")
    source = f"fetching 6 of 6 files of hexgrad/Kokoro-82M from {host}"

    assert f"utterly: kokoro: {source}, 0%, 0 B of {size:.1f} MB\n" in told
    assert f"100%, {size:.1f} MB of {size:.1f} MB" in told


def test_killed_at_nine_tenths(hub: Hub, settings: KokoroSettings) -> None:
    """The next process goes on where it was."""
    whole = len(hub.contents[0].files[WEIGHTS])
    hub.faults = {"slow"}
    kill_at(hub, start_utterly(*PULL, settings=settings), sent=whole * 9 // 10)
    hub.faults = set()
    hub.bytes_sent.clear()
    finish(start_utterly(*PULL, settings=settings))

    assert hub.bytes_sent[WEIGHTS] < whole // 4  # the system had some in its buffers


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.slow)])
def test_killed_at_random_moments(hub: Hub, settings: KokoroSettings, kills: int) -> None:
    """However often: no half file ever has its final name, and in the end all is there."""
    assert settings.model_dir is not None
    dice = random.Random(kills)  # noqa: S311  # no secret
    step = len(hub.contents[0].files[WEIGHTS]) // (kills + 2)
    hub.faults = {"slow"}
    for _ in range(kills):
        sent = hub.bytes_sent[WEIGHTS] + dice.randrange(1, step)
        kill_at(hub, start_utterly(*PULL, settings=settings), sent)
        right = hub.contents[0].files
        assert not (settings.model_dir / WEIGHTS).exists()
        assert all(data == right[name] for name, data in read_files(settings.model_dir).items())
    hub.faults = set()
    finish(start_utterly(*PULL, settings=settings))

    assert hub.contents[0].files == read_files(settings.model_dir)


def test_four_at_once_fetch_once(hub: Hub, settings: KokoroSettings) -> None:
    """One fetches, the others wait for it, and all succeed."""
    hub.faults = {"slow"}
    processes = [start_utterly(*PULL, settings=settings) for _ in range(4)]
    for process in processes:
        finish(process)

    assert {name: len(data) for name, data in hub.contents[0].files.items()} == hub.bytes_sent


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_real_weights(
    kokoro_model_dir: Path,
    spacy_pipeline_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed at nine tenths, a tenth is fetched; then it speaks, and later without the hub."""
    files = read_files(kokoro_model_dir)
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(kokoro_model_dir))
    folder = tmp_path / "Kokoro-82M"
    settings = KokoroSettings(model_dir=folder, checksums=sums, spacy_model=spacy_pipeline_dir)
    whole = len(files[WEIGHTS])
    with Hub(Content("hexgrad/Kokoro-82M", files)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        kill_at(hub, start_utterly(*PULL, settings=settings), sent=whole * 9 // 10)
        hub.bytes_sent.clear()
        first = say_fox(settings, tmp_path / "first.wav")
        fetched = hub.bytes_sent[WEIGHTS] / whole
    second = say_fox(settings, tmp_path / "second.wav", "--offline")

    assert 0.05 < fetched < 0.15
    assert "quick brown fox" in first
    assert "quick brown fox" in second


def say_fox(settings: KokoroSettings, output: Path, *options: str) -> str:
    """What is heard of a sentence that Kokoro speaks from the command line."""
    import soundfile

    words = ("say", "The quick brown fox jumps over the lazy dog.", "--engines", "kokoro,espeak")
    process = start_utterly(*words, *options, "-o", str(output), settings=settings)
    told = process.communicate(timeout=300)[1]

    assert "1 by kokoro" in told
    return judges.transcribe(*soundfile.read(output, dtype="float32")).lower()
