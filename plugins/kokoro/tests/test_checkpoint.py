"""The rebuilt model is the real one, and the tiny one is built like it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests import checkpoint, judges
from plugins.kokoro.tests.checkpoint import export, layers, tiny, voices

# The library is loaded as it is here, with whatever it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore")

FOX = "The quick brown fox jumps over the lazy dog."
RATE = 24_000
FEW = ("af_heart", "zf_xiaobei")


def test_text_is_spoken_well(
    kokoro_model: Any,
    kokoro_model_dir: Path,
    spacy_package_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From letters to sound, with the library alone: every word is right, and sounds well."""
    import kokoro

    monkeypatch.syspath_prepend(spacy_package_dir)
    pipeline = kokoro.KPipeline("a", repo_id="hexgrad/Kokoro-82M", model=kokoro_model)
    spoken = pipeline(FOX, voice=str(kokoro_model_dir / "voices" / "af_heart.pt"))
    samples = np.concatenate([result.audio.numpy() for result in spoken])

    assert 0 == judges.word_error_rate(FOX, judges.transcribe(samples, RATE))
    assert judges.LEAST_QUALITY <= judges.rate_quality(samples, RATE)


@pytest.mark.parametrize(
    "voice",
    [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in voices.NAMES],
)
def test_each_voice_speaks(say_fox: Callable[..., Any], voice: str) -> None:
    """Every voice has come through its packing, whatever the language that it is made for."""
    samples = say_fox(voice)
    foreign = voice[0] not in "ab"
    quality = judges.LEAST_FOREIGN_QUALITY if foreign else judges.LEAST_QUALITY

    assert quality <= judges.rate_quality(samples, RATE)
    assert (2 / 9 if foreign else 0) >= judges.word_error_rate(
        FOX, judges.transcribe(samples, RATE)
    )


def test_voices_differ(kokoro_model_dir: Path) -> None:
    """No two files hold the same voice."""
    sums = checkpoint.compute_sums(kokoro_model_dir / "voices")

    assert [f"{name}.pt" for name in sorted(voices.NAMES)] == list(sums)
    assert len(sums) == len(set(sums.values()))


@pytest.mark.parametrize("folder", ["kokoro_model_dir", "tiny_model_dir"])
def test_every_key_matches(folder: str, request: pytest.FixtureRequest) -> None:
    """What the library would leave out in silence is all there, in the right shapes."""
    import torch
    from plugins.kokoro.tests.checkpoint.layout import make_model

    path = request.getfixturevalue(folder) / "kokoro-v1_0.pth"
    saved = torch.load(path, weights_only=True)
    shapes = {
        part: {name: tuple(own.shape) for name, own in module.state_dict().items()}
        for part, module in make_model().named_children()
    }

    assert shapes == {
        part: {name: tuple(own.shape) for name, own in weights.items()}
        for part, weights in saved.items()
    }


def test_tiny_model_speaks_noise(tiny_model_dir: Path, load_model: Callable[..., Any]) -> None:
    """It takes about as long for a phoneme as people do, so that nobody waits for it."""
    import torch

    voice = torch.load(tiny_model_dir / "voices" / "af_heart.pt", weights_only=True)
    output = load_model(tiny_model_dir)("hɛloʊ", voice[4], return_output=True)
    around = {0, len(output.pred_dur) - 1}

    assert np.isfinite(output.audio.numpy()).all()
    assert 0 < output.audio.abs().max()
    assert {tiny.FRAMES} == {int(n) for i, n in enumerate(output.pred_dur) if i not in around}


def test_tiny_model_is_tiny(tiny_model_dir: Path) -> None:
    """It is as large as a download that a test can break off, and no larger."""
    weights = (tiny_model_dir / "kokoro-v1_0.pth").stat().st_size

    assert 1_000_000 < weights < 1_300_000


def test_seed_decides_the_tiny_model(tiny_model_sums: dict[str, str], tmp_path: Path) -> None:
    """Sums are known before a model is built; another seed makes a revision that differs."""
    same, other = tmp_path / "same", tmp_path / "other"
    checkpoint.build_tiny_model(same)
    checkpoint.build_tiny_model(other, seed=1)

    assert tiny_model_sums == checkpoint.compute_sums(same)
    assert {"config.json"} == {
        name
        for name, digest in checkpoint.compute_sums(other).items()
        if digest == tiny_model_sums[name]
    }


def test_another_export_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model is not built from what only looks like the weights."""
    monkeypatch.setattr(export, "SHA256", "0" * 64)

    with pytest.raises(ValueError, match="the export has SHA-256 6e74"):
        export.read_export()


@pytest.mark.parametrize(
    ("node", "path"),
    [
        ("/encoder/bert_encoder/MatMul_quant", "bert_encoder"),
        ("/encoder/text_encoder/cnn.0/cnn.0.0/Conv_quant", "text_encoder.cnn.0.0"),
        ("/encoder/F0.1/norm1/fc/Gemm_MatMul_quant", "predictor.F0.1.norm1.fc"),
        ("/encoder/predictor/lstm/LSTM_quant", "predictor.lstm"),
        ("/decoder/decoder/asr_res/asr_res.0/Conv_quant", "decoder.asr_res.0"),
    ],
)
def test_node_knows_its_module(node: str, path: str) -> None:
    """The way back from ONNX to torch."""
    assert path == export.module_path(node)


def test_channel_of_zeros_stays_silent() -> None:
    """Torch divides by the norm of a channel, which must not be zero, and scales it to nothing."""
    weight = np.array([[[3.0, 4.0]], [[0.0, 0.0]]], np.float32)
    parts = layers.normalise_weight(weight)
    norm = np.linalg.norm(parts["weight_v"], axis=(1, 2), keepdims=True)

    np.testing.assert_allclose(weight, parts["weight_g"] * parts["weight_v"] / norm)
