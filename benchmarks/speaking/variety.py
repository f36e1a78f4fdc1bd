# ruff: noqa: INP001  # benchmarks are no package
"""A voice of each language, and inputs of every length: how fast, and how like the library."""

from __future__ import annotations

from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.speaking import contestants, timing
from benchmarks.speaking.texts import PARAGRAPH, VOICE

if TYPE_CHECKING:
    from utterly_kokoro import KokoroSettings

LENGTHS = (1, 2, 3, 12, 50, 150, 300, 510)
"""Phonemes; the network takes 510 at once."""

ENGINE, SAME_NOISE, LIBRARY = "engine", "engine with the same noise", "library"


def measure_languages(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:
    """A sentence of its own for a voice of each language."""
    from plugins.kokoro.tests.test_sound import SENTENCES

    engine = contestants.load_engine(settings)
    spoken = {
        f"{language}, {voice}": (contestants.phonemes_of(engine, text, voice), voice)
        for voice, (language, text) in SENTENCES.items()
    }
    return _compare(engine, settings, spoken, options.runs)


def measure_lengths(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:
    """The beginning of a paragraph, from one phoneme to as many as there may be."""
    engine = contestants.load_engine(settings)
    phonemes = contestants.phonemes_of(engine, PARAGRAPH)
    spoken = {f"{length} phonemes": (phonemes[:length], VOICE) for length in LENGTHS}
    return _compare(engine, settings, spoken, options.runs)


def _compare(
    engine: Any, settings: KokoroSettings, spoken: dict[str, tuple[str, str]], runs: int
) -> dict[str, Any]:
    """For each input, the part of the library's time, and the likeness with the same noise."""
    from plugins.kokoro.tests.likeness import log_mel_correlation

    ways = contestants.decoders(engine, contestants.load_library(settings))
    rows = {}
    for name, (phonemes, voice) in spoken.items():
        speak = {way: partial(say, phonemes, voice, 0) for way, say in ways.items()}
        timed = {way: partial(timing.time_speech, speak[way]) for way in (ENGINE, LIBRARY)}
        found = timing.take_turns(timed, runs)
        alike = speak.get(SAME_NOISE, speak[ENGINE])
        rows[name] = {
            "audio": found[LIBRARY]["audio"]["median"],
            "of_library": found[ENGINE]["seconds"]["median"] / found[LIBRARY]["seconds"]["median"],
            "likeness": log_mel_correlation(speak[LIBRARY](), alike()),
        }
    return {"plan": str(engine.plan), "rows": rows}
