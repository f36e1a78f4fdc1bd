"""A hub on loopback, and a place for its files."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import huggingface_hub
import huggingface_hub.constants
import pytest
from tests.servers.hub import COMMIT, Content, Hub

from utterly import Context
from utterly.download import fetch_files

REPOSITORY = "hexgrad/Kokoro-82M"
Fetch = Callable[..., Path]


@pytest.fixture(scope="session")
def content() -> Content:
    """A configuration, weights and two voices."""
    dice = random.Random(1)  # noqa: S311  # no secret
    return Content(
        REPOSITORY,
        {
            "config.json": b'{"n_mels": 80}',
            "weights.pth": dice.randbytes(1_000_000),
            "voices/af_heart.pt": dice.randbytes(50_000),
            "voices/small.pt": dice.randbytes(500),
        },
    )


@pytest.fixture
def hub(content: Content, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The hub, which is the one that is asked."""
    huggingface_hub.close_session()
    endless = _watch_for_endless_requests()
    with Hub(content) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running
        huggingface_hub.close_session()
    assert [] == endless


def _watch_for_endless_requests() -> list[str]:
    """Note each request of ours that could wait for ever."""
    endless: list[str] = []

    def note(request: Any) -> None:
        if None in request.extensions["timeout"].values():
            endless.append(f"{request.method} {request.url}")

    client = huggingface_hub.get_session()
    hooks = client.event_hooks
    client.event_hooks = {**hooks, "request": [*hooks["request"], note]}
    return endless


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's own cache, empty."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plain folder that is not there yet."""
    return tmp_path / "kokoro_models" / "Kokoro-82M"


@pytest.fixture
def files(content: Content) -> dict[str, str | None]:
    """What is wanted: the weights by their hash, and the rest by its name."""
    return {
        **dict.fromkeys(content.files),
        "weights.pth": content.sha256("weights.pth"),
    }


@pytest.fixture
def fetch(folder: Path, files: dict[str, str | None]) -> Fetch:
    """Fetch all files into the folder."""

    def fetch_all(context: Context | None = None) -> Path:
        return fetch_files(REPOSITORY, COMMIT, files, folder, context or Context())

    return fetch_all
