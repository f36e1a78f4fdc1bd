"""The real model, rebuilt from what package registries carry: once for all test sessions."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from plugins.kokoro.tests.checkpoint import export, layout, voices
from plugins.kokoro.tests.checkpoint.layers import convert_layers

HERE = Path(__file__).parent
DAY = 24 * 3600
"""In seconds."""


def build_model(folder: Path) -> None:
    """Build the real model; takes some seconds, and 330 MB of disk."""
    import torch

    model = layout.make_model()
    parameters = convert_layers(export.Export(export.read_export()), model)
    layout.write_model(
        folder,
        {name: torch.from_numpy(values.copy()) for name, values in parameters},
        {name: torch.from_numpy(voices.read_voice(name)) for name in voices.NAMES},
    )


def cached_model(cache: Path) -> Path:
    """The folder of the real model, which is built unless it was already.

    Sessions that run at the same time wait for the one that builds. What another state of the
    builder made is deleted once nobody has asked for it in a day: other checkouts may use theirs.
    """
    from filelock import FileLock

    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / f"Kokoro-82M-{_fingerprint()}"
    with FileLock(cache / "lock"):
        if not folder.exists():
            _delete_outdated(cache)
            with tempfile.TemporaryDirectory(dir=cache) as unfinished:
                build_model(Path(unfinished) / "model")
                (Path(unfinished) / "model").rename(folder)
        os.utime(folder)
    return folder


def _delete_outdated(cache: Path) -> None:
    for folder in cache.glob("Kokoro-82M-*"):
        if folder.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(folder)


def _fingerprint() -> str:
    """Changes with whatever decides what is built."""
    digest = hashlib.sha256(f"{export.SHA256} {version('torch')}".encode())
    for path in sorted([*HERE.glob("*.py"), *HERE.glob("data/**/*")]):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
