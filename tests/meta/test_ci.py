"""The script that checks everything, as far as it can be tried in a moment."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="module")
def libraries() -> Any:
    """The script that tests with other releases of libraries, as a module."""
    spec = importlib.util.spec_from_file_location("ci_libraries", CI / "libraries.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def test_lowest_release_is_the_one_that_is_allowed(libraries: Any) -> None:
    """Whatever else is required."""
    dependencies = ["utterly>=0.1,<0.2", "edge-tts>=7.3,<7.4", "aiohttp>=3.13,<4"]

    assert ["aiohttp==3.13"] == libraries.read_lowest(dependencies, ["aiohttp"])


def test_library_without_a_lowest_release_is_an_error(libraries: Any) -> None:
    """It would be tested with the newest in silence."""
    with pytest.raises(ValueError, match="no lowest release of aiohttp"):
        libraries.read_lowest(["aiohttp"], ["aiohttp"])


@pytest.mark.parametrize("plugin", ["edge", "gemini"])
def test_libraries_of_each_cloud_have_a_lowest_release(
    libraries: Any, plugin: str, repository: Path
) -> None:
    """And are tested with it and with the newest."""
    project = tomllib.loads((repository / "plugins" / plugin / "pyproject.toml").read_text("utf-8"))
    cases = [case for case in libraries.CASES if case.plugin == plugin]
    dependencies = project["project"]["dependencies"]

    assert {True, False} == {case.is_lowest for case in cases}
    assert all(libraries.read_lowest(dependencies, case.libraries) for case in cases)
