"""Kokoro keeps the contract of every engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.speaking import write_sums

from utterly.testing import EngineContract


class WithRealModel:
    """Says where the model lies."""

    engine = "kokoro"
    growth_cycles = 4  # each loads 80 million weights
    settings: ClassVar[Mapping[str, Any]]

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def model(cls, kokoro_model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Say where the model lies."""
        sums = tmp_path_factory.mktemp("kokoro") / "SHA256SUMS"
        write_sums(sums, compute_sums(kokoro_model_dir))
        cls.settings = {
            "model_dir": str(kokoro_model_dir),
            "checksums": str(sums),
            "spacy_repository": "",
        }


@pytest.mark.slow
class TestKokoro(WithRealModel, EngineContract):
    """The acceptance tests, with the real model."""


@pytest.mark.slow
@pytest.mark.timeout(600)  # each loading is a new process, which imports torch
class TestKokoroInAProcessOfItsOwn(WithRealModel, EngineContract):
    """The same, on the other side of a pipe."""

    isolation = "process"
