"""Kokoro in a process of its own, which somebody shoots."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.fetching import name_settings
from plugins.kokoro.tests.speaking import write_sums

from utterly_kokoro import KokoroSettings

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes end without signals here")
def test_killed_in_mid_sentence_all_is_heard_once(kokoro_model_dir: Path, tmp_path: Path) -> None:
    """While it speaks: ten sentences, exit 0, and it is told."""
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(kokoro_model_dir))
    settings = KokoroSettings(model_dir=kokoro_model_dir, checksums=sums, spacy_repository="")
    text = " ".join(f"This is sentence number {number}." for number in NUMBERS)
    command = [sys.executable, "-m", "utterly", "say", text, "--engines", "kokoro,espeak", "--json"]
    command += ["-v", "-o", str(tmp_path / "out.wav"), "--set", "kokoro.isolation=process"]
    command += name_settings(settings)
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert program.stderr is not None
    for line in program.stderr:
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
