"""The command line with Kokoro first and eSpeak behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
