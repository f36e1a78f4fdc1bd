"""The judges accept good speech, and nothing that is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests import judges

# The library is loaded as it is here, with whatever it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore")

FOX = "The quick brown fox jumps over the lazy dog."
RATE = 24_000


def _noise(frames: int, level: float) -> judges.Samples:
    return np.random.default_rng(1).normal(0, level, frames).astype(np.float32)


BREAKAGES: dict[str, Callable[[judges.Samples], judges.Samples]] = {
    "noise": lambda speech: _noise(len(speech), 0.1),
    "silence": np.zeros_like,
    "backwards": lambda speech: speech[::-1].copy(),
    "gaps": lambda speech: speech * (np.arange(len(speech)) // 2400 % 2).astype(np.float32),
}
"""What neither judge may pass."""

BAD_SOUND = BREAKAGES | {
    "speech in noise": lambda speech: speech + _noise(len(speech), 0.03),
    "clipped": lambda speech: (speech * 20).clip(-1, 1),
}
BAD_WORDS = BREAKAGES | {
    "broken off": lambda speech: speech[: len(speech) // 2],
    "begins late": lambda speech: speech[len(speech) // 2 :],
}


def test_good_speech_passes(fox: judges.Samples) -> None:
    """Both judges agree with the ear."""
    assert 0 == judges.word_error_rate(FOX, judges.transcribe(fox, RATE))
    assert judges.LEAST_QUALITY <= judges.rate_quality(fox, RATE)


@pytest.mark.parametrize("breakage", BAD_SOUND)
def test_bad_sound_is_noticed(fox: judges.Samples, breakage: str) -> None:
    """It is worse by far than the worst voice."""
    assert judges.LEAST_FOREIGN_QUALITY - 0.3 > judges.rate_quality(BAD_SOUND[breakage](fox), RATE)


@pytest.mark.parametrize("breakage", BAD_WORDS)
def test_missing_words_are_noticed(fox: judges.Samples, breakage: str) -> None:
    """A third of the words or more is wrong, however well it sounds."""
    assert 1 / 3 <= judges.word_error_rate(FOX, judges.transcribe(BAD_WORDS[breakage](fox), RATE))


def test_forgotten_channels_are_noticed(
    kokoro_model_dir: Path, load_model: Callable[..., Any], say_fox: Callable[..., Any]
) -> None:
    """A model with the channels that eight bits left at zero speaks no numbers at all."""
    import torch

    model = load_model(kokoro_model_dir)
    forgotten = 0
    with torch.no_grad():
        for module in model.modules():
            if hasattr(module, "weight_g"):
                zero = (module.weight_g == 0).flatten()
                module.weight_v[zero] = 0
                forgotten += int(zero.sum())
    samples = say_fox(model=model)

    assert 94 == forgotten
    with pytest.raises(ValueError, match="not audio"):
        judges.transcribe(samples, RATE)
    with pytest.raises(ValueError, match="not audio"):
        judges.rate_quality(samples, RATE)
    with pytest.raises(AssertionError):
        test_good_speech_passes(np.nan_to_num(samples))


def test_long_audio_is_rated_whole(fox: judges.Samples) -> None:
    """Noise in its last part makes a long speech worse."""
    speech = np.tile(fox, 4)
    spoilt = np.concatenate([speech, _noise(len(speech), 0.1)])

    assert judges.rate_quality(spoilt, RATE) < judges.rate_quality(speech, RATE) - 0.5


@pytest.mark.parametrize(
    ("heard", "rate"),
    [
        ("the quick brown fox jumps over the lazy dog", 0),
        ("The quick brown fox jumps over the lazy cat!", 1 / 9),
        ("The quick fox jumps over the lazy dog.", 1 / 9),
        ("The quick brown fox jumps over over the lazy dog.", 1 / 9),
        ("", 1),
    ],
)
def test_words_are_counted(heard: str, rate: float) -> None:
    """Wrong, missing and added ones; case and punctuation are no words."""
    assert rate == pytest.approx(judges.word_error_rate(FOX, heard))


@pytest.mark.parametrize("judge", [judges.transcribe, judges.rate_quality])
@pytest.mark.parametrize("shape", [(0,), (100, 2)])
def test_only_audio_is_judged(judge: Callable[..., Any], shape: tuple[int, ...]) -> None:
    """What is empty or stereo is a mistake of the test's."""
    with pytest.raises(ValueError, match="not audio"):
        judge(np.zeros(shape, np.float32), RATE)


def test_only_english_is_understood(fox: judges.Samples) -> None:
    """A verdict on another language would mean nothing."""
    with pytest.raises(ValueError, match="understands English, not 'fr'"):
        judges.transcribe(fox, RATE, "fr")
