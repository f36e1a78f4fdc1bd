"""The rebuilt model is the real one, and the tiny one behaves like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from plugins.kokoro.tests import checkpoint, judges

# The library is loaded as it is here, with whatever it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore")
FOX = "The quick brown fox jumps over the lazy dog."


def _load(folder: Path) -> Any:
    import kokoro

    return kokoro.KModel(
        repo_id="hexgrad/Kokoro-82M",
        config=str(folder / "config.json"),
        model=str(folder / "kokoro-v1_0.pth"),
    ).eval()


def _speak(folder: Path, model: Any, text: str, voice: str = "af_heart") -> Any:
    import kokoro

    pipeline = kokoro.KPipeline(voice[0], repo_id="hexgrad/Kokoro-82M", model=model)
    results = pipeline(text, voice=str(folder / "voices" / f"{voice}.pt"))
    return np.concatenate([result.audio.numpy() for result in results])


def test_real_model_says_every_word_well(
    kokoro_model_dir: Path, spacy_package_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is understood without a mistake, and sounds as Kokoro does."""
    monkeypatch.syspath_prepend(spacy_package_dir)
    samples = _speak(kokoro_model_dir, _load(kokoro_model_dir), FOX)
    heard = judges.transcribe(samples, 24_000)
    print(heard, judges.rate_quality(samples, 24_000), len(samples))

    assert 0 == judges.word_error_rate(FOX, heard)
    assert judges.LEAST_QUALITY <= judges.rate_quality(samples, 24_000)


@pytest.mark.parametrize("folder", ["kokoro_model_dir", "tiny_model_dir"])
def test_every_key_matches(folder: str, request: pytest.FixtureRequest) -> None:
    """The library ignores what does not match, so it is compared here."""
    found = request.getfixturevalue(folder)
    model = _load(found)
    saved = torch.load(found / "kokoro-v1_0.pth", weights_only=True)

    assert {part: dict.fromkeys(saved[part]) for part in saved} == {
        part: dict.fromkeys(module.state_dict()) for part, module in model.named_children()
    }
