"""What the real model says, and how good it sounds."""

# ruff: noqa: RUF001  # punctuation of other scripts
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from plugins.kokoro.tests import judges
from plugins.kokoro.tests.speaking import load, say, settings_for

import utterly_kokoro
from utterly import Context
from utterly_kokoro._engine import Kokoro

FOX = "The quick brown fox jumps over the lazy dog."

SENTENCES = {
    "af_heart": ("en-US", "The children played in the garden until it was dark."),
    "bf_emma": ("en-GB", "We had coffee in the kitchen and talked about the summer."),
    "ef_dora": ("es", "El gato duerme junto a la ventana y sueña con el mar."),
    "ff_siwis": ("fr", "Le chat dort près de la fenêtre et rêve de la mer."),
    "hf_alpha": ("hi", "आज आसमान बहुत सुंदर है और हवा ठंडी है।"),
    "if_sara": ("it", "Il gatto dorme vicino alla finestra e sogna il mare."),
    "pf_dora": ("pt-BR", "O gato dorme perto da janela e sonha com o mar."),
    "jf_alpha": ("ja", "猫が窓のそばで寝て、海の夢を見ています。"),
    "zf_xiaobei": ("zh", "猫在窗边睡觉，梦见了大海。"),
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model(
    kokoro_model_dir: Path, spacy_pipeline_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kokoro]:
    """The engine with the real model."""
    sums = tmp_path_factory.mktemp("kokoro") / "SHA256SUMS"
    model = load(settings_for(kokoro_model_dir, sums, spacy_model=spacy_pipeline_dir))
    yield model
    utterly_kokoro.unload(model, Context())


@pytest.mark.parametrize("voice", ["af_heart", "bf_emma", "af_heart:0.6+bf_emma:0.4"])
def test_no_word_is_wrong(model: Kokoro, voice: str) -> None:
    """And it sounds as good as the library."""
    samples = say(model, FOX, voice=voice, seed=1).samples

    assert 0 == judges.word_error_rate(FOX, judges.transcribe(samples, 24_000))
    assert judges.rate_quality(samples, 24_000) >= judges.LEAST_QUALITY


@pytest.mark.parametrize("voice", SENTENCES)
def test_every_language_sounds_well(model: Kokoro, voice: str) -> None:
    """A voice of each says a sentence of its own, with a time for each word."""
    language, text = SENTENCES[voice]
    spoken = say(model, text, voice=voice, language=language, seed=1)

    assert judges.rate_quality(spoken.samples, 24_000) >= judges.LEAST_FOREIGN_QUALITY
    assert len(spoken.words) >= 5


def test_words_are_heard_when_they_are_said_to_be(model: Kokoro) -> None:
    """Cut out by their times, the second half of the words is the second half of the text."""
    spoken = say(model, FOX, seed=1)
    start = next(word.start for word in spoken.words if word.text == "jumps")
    heard = judges.transcribe(spoken.samples[int(start * 24_000) :], 24_000)

    assert 0 == judges.word_error_rate("jumps over the lazy dog", heard)


def test_pieces_of_a_long_text_lose_no_word(model: Kokoro) -> None:
    """Where one ends and the next begins, too."""
    text = " ".join([FOX, "We had coffee in the kitchen.", SENTENCES["af_heart"][1]] * 2)
    spoken = say(model, text, seed=1)

    assert len(spoken.chunks) > 1
    assert judges.word_error_rate(text, judges.transcribe(spoken.samples, 24_000)) <= 0.03
    assert np.abs(spoken.samples).max() <= 1
