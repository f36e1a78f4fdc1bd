"""The server itself: what it refuses, and that a person can start it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.servers.gemini import FAULTS, STREAM_FAULTS, GeminiServer


def test_unknown_fault_is_refused() -> None:
    """A misspelt switch would test nothing."""
    with GeminiServer() as server, pytest.raises(KeyError):
        server.fail("rate-limit")


def test_every_fault_is_described(repository: Path) -> None:
    """The list is what a person reads."""
    page = (repository / "tests" / "servers" / "gemini" / "README.md").read_text("utf-8")
    every = FAULTS | STREAM_FAULTS
    described = {name for name in every if f"`{name.removesuffix('-midway')}`" in page}

    assert every.keys() == described | {name for name in every if f"`{name}`" in page}
