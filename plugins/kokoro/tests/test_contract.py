"""Kokoro keeps the contract of every engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.speaking import write_sums

from utterly.testing import EngineContract


@pytest.mark.slow
class TestKokoro(EngineContract):
    """The acceptance tests, with the real model."""

    engine = "kokoro"
    growth_cycles = 4  # each loads 80 million weights

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
