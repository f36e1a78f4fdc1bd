"""Ways for the tests to have the engine fetch its model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from utterly_kokoro import KokoroSettings

PIPELINE = "en_core_web_sm"


def read_files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it, but for what the downloader keeps there."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".utterly" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def name_settings(settings: KokoroSettings) -> list[str]:
    """Settings as arguments of the command line."""
    named = {
        "model_dir": settings.model_dir,
        "checksums": settings.checksums,
        "spacy_model": settings.spacy_model,
        "spacy_repository": settings.spacy_repository,
        "device": "cpu",
    }
    given = [f"kokoro.{name}={value}" for name, value in named.items() if value is not None]
    return [part for setting in given for part in ("--set", setting)]


def start_utterly(*arguments: str, settings: KokoroSettings) -> subprocess.Popen[str]:
    """Begin to run the command line in a process of its own."""
    command = [sys.executable, "-m", "utterly", *arguments, *name_settings(settings)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
