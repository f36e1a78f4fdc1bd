# ruff: noqa: INP001  # benchmarks are no package
"""How good: likeness to the library with equal noise, words that are heard, and DNSMOS."""

from __future__ import annotations

from argparse import Namespace
from statistics import mean
from typing import TYPE_CHECKING, Any

from benchmarks.speaking import contestants
from benchmarks.speaking.texts import SENTENCES, VOICES

if TYPE_CHECKING:
    from utterly_kokoro import KokoroSettings


def measure_quality(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:
    """Engine and library, with the same sentences in the same voices."""
    from plugins.kokoro.tests import judges

    engine = contestants.load_engine(settings)
    library = contestants.load_library(settings)
    speak = contestants.decoders(engine, library)
    likeness: dict[str, list[float]] = {}
    rates: dict[str, list[float]] = {}
    quality: dict[str, list[float]] = {}
    for voice in VOICES[: options.voices]:
        for text in SENTENCES:
            phonemes = contestants.phonemes_of(engine, text)
            heard = {name: way(phonemes, voice, 0) for name, way in speak.items()}
            heard["another seed"] = speak["library"](phonemes, voice, 1)
            for name, value in _compare(heard).items():
                likeness.setdefault(name, []).append(value)
            for name in ("engine", "library"):
                words = judges.transcribe(heard[name], 24_000)
                rates.setdefault(name, []).append(judges.word_error_rate(text, words))
                quality.setdefault(name, []).append(judges.rate_quality(heard[name], 24_000))
    return {
        "plan": str(engine.plan),
        "likeness": {
            name: {"mean": mean(values), "lowest": min(values)} for name, values in likeness.items()
        },
        "word_error_rate": {name: mean(values) for name, values in rates.items()},
        "dnsmos": {name: mean(values) for name, values in quality.items()},
    }


def _compare(heard: dict[str, Any]) -> dict[str, float]:
    """How like the library each one sounds."""
    from plugins.kokoro.tests.likeness import log_mel_correlation

    return {
        name: log_mel_correlation(heard["library"], samples)
        for name, samples in heard.items()
        if name != "library"
    }
