"""The script that checks everything, as far as it can be tried in a moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

CI = Path(__file__).parents[2] / ".ci"
RATE = 24_000


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """Where to write a file."""
    return tmp_path / "speech.wav"


def _judge(path: Path) -> tuple[int, str]:
    """What is said of a file that should hold 0.6 to 3 seconds of speech."""
    completed = subprocess.run(
        [sys.executable, CI / "audible.py", path, "0.6", "3"],
        capture_output=True,
        text=True,
        check=False,
    )
    return completed.returncode, completed.stderr.strip()


def _noise(seconds: float, amplitude: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    noise = np.random.default_rng(1).uniform(-amplitude, amplitude, round(seconds * RATE))
    return noise.astype(np.float32)


def test_audible_speech_passes(wav: Path) -> None:
    """A second of sound at an ordinary level is as it should be."""
    soundfile.write(wav, _noise(1.0, 0.2), RATE)

    assert (0, "") == _judge(wav)


@pytest.mark.parametrize(
    ("seconds", "amplitude", "complaint"),
    [
        (0.5, 0.2, "0.50 s long, not 0.6 to 3 s"),
        (3.1, 0.2, "3.10 s long, not 0.6 to 3 s"),
        (1.0, 0.0, "RMS 0.0000 of full scale is hardly audible"),
        (1.0, 0.005, "RMS 0.0029 of full scale is hardly audible"),
    ],
    ids=["too short", "too long", "silent", "too quiet"],
)
def test_other_files_are_refused(
    wav: Path, seconds: float, amplitude: float, complaint: str
) -> None:
    """What cannot be the greeting fails, in one line."""
    soundfile.write(wav, _noise(seconds, amplitude), RATE)

    assert (1, f"{wav}: {complaint}") == _judge(wav)


def test_missing_file_is_refused_in_one_line(wav: Path) -> None:
    """Nothing was written, and no traceback hides that."""
    code, complaint = _judge(wav)

    assert 1 == code
    assert 0 == complaint.count("\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_unknown_option_is_refused_before_any_work() -> None:
    """A typing error does not cost five minutes."""
    completed = subprocess.run(
        [CI / "run", "--al"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 2 == completed.returncode
    assert "usage: .ci/run [--all]\n" == completed.stderr
