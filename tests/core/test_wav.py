"""Tests of writing WAV files."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from utterly import OutputError
from utterly.wav import check_output, encode_wav, write_wav


def test_file_holds_the_samples(tmp_path: Path) -> None:
    """What was written can be read again, at 16 bits."""
    samples = np.array([0.0, 0.5, -0.5, 1.0, -1.0], np.float32)

    write_wav(tmp_path / "a.wav", samples, 24_000)

    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (24_000, 1, 2) == (file.getframerate(), file.getnchannels(), file.getsampwidth())
        pcm = np.frombuffer(file.readframes(5), "<i2")
    assert [0, 16384, -16384, 32767, -32767] == pcm.tolist()


def test_too_loud_samples_are_clipped() -> None:
    """Samples beyond full scale do not wrap round."""
    data = encode_wav(np.array([2.0, -2.0], np.float32), 24_000)

    assert [32767, -32767] == np.frombuffer(data[-4:], "<i2").tolist()


@pytest.mark.parametrize(
    ("name", "advice"),
    [("a.xyz", "ends in .wav"), ("none/a.wav", "create the folder"), ("folder.wav", "is a folder")],
)
def test_impossible_output_is_refused_beforehand(tmp_path: Path, name: str, advice: str) -> None:
    """Whatever could be known before speaking is said before speaking."""
    (tmp_path / "folder.wav").mkdir()

    with pytest.raises(OutputError, match=advice):
        check_output(tmp_path / name)


def test_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up costs the old file nothing and leaves no half one."""
    target = tmp_path / "a.wav"
    target.write_bytes(b"old")

    def fail(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_wav(target, np.zeros(3, np.float32), 24_000)

    assert (b"old", [target]) == (target.read_bytes(), list(tmp_path.iterdir()))
