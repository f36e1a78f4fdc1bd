"""The command line with Kokoro first and eSpeak behind it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.speaking import write_sums

from utterly.cli import main

FAULTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing weights": (lambda model: (model / "kokoro-v1_0.pth").unlink(), "is missing"),
    "truncated weights": (
        lambda model: (model / "kokoro-v1_0.pth").write_bytes(b"PK\3\4"),
        "is damaged",
    ),
    "a pointer": (
        lambda model: (model / "kokoro-v1_0.pth").write_text(
            "version https://git-lfs.github.com/spec/v1\n", "ascii"
        ),
        "pointer of Git LFS",
    ),
    "damaged config": (lambda model: (model / "config.json").write_text("{}", "ascii"), "damaged"),
    "damaged voice": (
        lambda model: (model / "voices" / "af_heart.pt").write_bytes(b"no"),
        "voice af_heart",
    ),
}

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _say(model: Path, sums: Path, *options: str) -> int:
    arguments = ("say", "Good evening.", "--engines", "kokoro,espeak", "-o", str(model / "out.wav"))
    settings = (f"kokoro.model_dir={model}", f"kokoro.checksums={sums}", "kokoro.device=cpu")
    named = [part for setting in settings for part in ("--set", setting)]
    with pytest.raises(SystemExit) as caught:
        main([*arguments, *named, *options])
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.fixture
def sums(tiny_model_dir: Path, tmp_path: Path) -> Path:
    """What its files should be."""
    return write_sums(tmp_path / "SHA256SUMS", compute_sums(tiny_model_dir))


def test_kokoro_speaks(
    tiny_model_dir: Path, sums: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is substituted."""
    assert 0 == _say(tiny_model_dir, sums, "--json")
    result = json.loads(capsys.readouterr().out)

    assert (["kokoro"], False) == (result["engines"], result["degraded"])


@pytest.mark.parametrize("fault", FAULTS)
def test_espeak_speaks_where_a_file_is_bad(
    tiny_model_dir: Path, sums: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    """The line says why and what to do, and the result that it is degraded."""
    spoil, reason = FAULTS[fault]
    spoil(tiny_model_dir)
    assert 0 == _say(tiny_model_dir, sums, "--json")
    output = capsys.readouterr()
    result = json.loads(output.out)

    assert (["espeak"], True) == (result["engines"], result["degraded"])
    assert reason in output.err
    assert "https://huggingface.co/hexgrad/Kokoro-82M" in output.err
    assert "espeak takes over" in output.err


@pytest.mark.parametrize("fault", FAULTS)
def test_strict_takes_no_substitute(
    tiny_model_dir: Path, sums: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    """Nothing is written, and the line is the same."""
    spoil, reason = FAULTS[fault]
    spoil(tiny_model_dir)

    assert 1 == _say(tiny_model_dir, sums, "--strict")
    assert reason in capsys.readouterr().err
    assert not (tiny_model_dir / "out.wav").exists()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes end without signals here")
def test_killed_in_mid_sentence_all_is_heard_once(kokoro_model_dir: Path, tmp_path: Path) -> None:
    """Somebody shoots its process while it speaks: ten sentences, exit 0, and it is told."""
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(kokoro_model_dir))
    text = " ".join(f"This is sentence number {number}." for number in NUMBERS)
    command = [sys.executable, "-m", "utterly", "say", text, "--engines", "kokoro,espeak", "--json"]
    command += [
        "-v",
        "-o",
        str(tmp_path / "out.wav"),
        "--set",
        f"kokoro.model_dir={kokoro_model_dir}",
    ]
    command += ["--set", f"kokoro.checksums={sums}", "--set", "kokoro.isolation=process"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stderr is not None
    told = []
    for line in program.stderr:
        told.append(line)
        if "sentence 3: spoken" in line:
            for process in psutil.Process(program.pid).children():
                process.kill()
            break
    output, errors = program.communicate()
    result = json.loads(output)

    failed = [a for s in result["segments"] for a in s["attempts"] if a["error"]]
    assert (0, "complete") == (program.returncode, result["status"])
    assert NUMBERS == [s["text"].split()[-1].strip(".") for s in result["segments"]]
    assert ["EngineCrashedError"] == [attempt["error"] for attempt in failed]
    assert "SIGKILL" in failed[0]["message"]
    assert "kokoro failed (EngineCrashedError" in errors
