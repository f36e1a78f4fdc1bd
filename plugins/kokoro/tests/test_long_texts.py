"""Long texts, with and without punctuation: every phoneme reaches the network, in order."""

# ruff: noqa: RUF001  # punctuation of other scripts
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.speaking import write_sums

from utterly import Speaker
from utterly_kokoro._pronunciation import Pronunciation
from utterly_kokoro._tokens import MOST_PHONEMES, Token, lay_out

ENGLISH = (
    "The old lighthouse keeper wrote a letter to his sister every Sunday.",
    "Nobody, she said, has ever walked from here to the river in under an hour!",
    "On 24 December 1999 it cost $1,234.56, which is 7.5 % less than before.",
    "Why would anyone (least of all Dr. Smith) want to leave; and where would they go?",
    "cats and dogs and birds and bees and children and their parents sleep by the window",
)
JAPANESE = (
    "猫が窓のそばで寝て、海の夢を見ています。",
    "「明日は雨が降りますか？」と彼女は聞きました。",
    "駅まで歩いて15分ぐらいかかります！",
    "昔々あるところにおじいさんとおばあさんが住んでいて毎日山へ行って木を切り川へ行って洗濯をしました",
)
CHINESE = (
    "猫在窗边睡觉，梦见了大海。",
    "“明天会下雨吗？”她问道。",
    "从这里走到车站大约需要15分钟！",
    "很久很久以前有一位老爷爷和一位老奶奶他们每天上山砍柴下河洗衣过着平静而快乐的生活",
)


def _repeat(sentences: Sequence[str], letters: int, joint: str) -> str:
    """Text of so many letters; now and then one sentence runs into the next."""
    text, parts = "", enumerate(cycle(sentences))
    while len(text) < letters:
        number, sentence = next(parts)
        text += sentence.rstrip(".。，！!") if number % 7 > 3 else sentence
        text += joint
    return text


TEXTS = {
    "en-US": ("af_heart", " ".join(islice(" ".join(ENGLISH * 80).split(), 5_000))),
    "en-US, few sentences": ("af_heart", _repeat(ENGLISH, 6_000, " ")),
    "ja": ("jf_alpha", _repeat(JAPANESE, 3_000, "")),
    "ja, without punctuation": ("jf_alpha", _repeat(JAPANESE[3:], 1_200, "")),
    "zh": ("zf_xiaobei", _repeat(CHINESE, 3_000, "")),
    "zh, without punctuation": ("zf_xiaobei", _repeat(CHINESE[3:], 1_200, "")),
}


@pytest.fixture
def speaker(tiny_model_dir: Path, tmp_path: Path, spacy_pipeline_dir: Path) -> Speaker:
    """With Kokoro alone."""
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(tiny_model_dir))
    settings = {
        "model_dir": tiny_model_dir,
        "checksums": sums,
        "device": "cpu",
        "spacy_model": spacy_pipeline_dir,
    }
    return Speaker(["kokoro"], settings={"kokoro": settings})


@pytest.fixture
def pronounced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The phonemes of each segment, as they are read from its text."""
    phonemes: list[str] = []
    pronounce: Callable[..., list[Token]] = Pronunciation.__call__

    def note(*arguments: Any) -> list[Token]:
        tokens = pronounce(*arguments)
        phonemes.append(lay_out(tokens))
        return tokens

    monkeypatch.setattr(Pronunciation, "__call__", note)
    return phonemes


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The phonemes that the network is given each time; it hums, since nobody listens."""
    phonemes: list[str] = []

    def hum(_model: Any, text: str, *_: Any, **__: Any) -> tuple[Any, list[int]]:
        phonemes.append(text)
        frames = len(text) + 2
        return np.sin(np.arange(frames * 600, dtype=np.float32)), [1] * frames

    monkeypatch.setattr("utterly_kokoro._engine.infer", hum)
    return phonemes


@pytest.mark.parametrize("name", TEXTS)
def test_every_phoneme_reaches_the_network(
    speaker: Speaker, pronounced: list[str], given: list[str], name: str
) -> None:
    """As many go in as come out, in order, never more at once than the network takes."""
    voice, text = TEXTS[name]
    with speaker:
        speech = speaker.say(text, voice=f"kokoro:{voice}", language=name.partition(",")[0])

    assert "".join(pronounced).replace(" ", "") == "".join(given).replace(" ", "")
    assert max(map(len, given)) <= MOST_PHONEMES
    assert "".join(text.split()) == "".join("".join(part.text.split()) for part in speech.segments)
    assert "complete" == speech.status
