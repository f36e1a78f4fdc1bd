# ruff: noqa: INP001  # benchmarks are no package
"""Taking turns, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

SAMPLE_RATE = 24_000


def spread(values: list[float]) -> dict[str, float]:
    """Median, and how far it goes either way."""
    return {"median": median(values), "lowest": min(values), "highest": max(values)}


def take_turns(
    ways: Mapping[str, Callable[[], dict[str, float]]], runs: int
) -> dict[str, dict[str, dict[str, float]]]:
    """Run each way once for nothing, then all of them in turn, so that all share what disturbs.

    Args:
        ways: Each returns values by name.
        runs: How often.

    Returns:
        The spread of each value, by way and name.
    """
    found: dict[str, dict[str, list[float]]] = {name: {} for name in ways}
    for run in range(runs + 1):
        for name, measure in ways.items():
            for key, value in measure().items():
                if run:
                    found[name].setdefault(key, []).append(value)
    return {
        name: {key: spread(list_) for key, list_ in values.items()}
        for name, values in found.items()
    }


def time_speech(speak: Callable[[], Any]) -> dict[str, float]:
    """Seconds of work for some audio, and of that audio."""
    began = time.perf_counter()
    samples = speak()
    seconds = time.perf_counter() - began
    audio = len(samples) / SAMPLE_RATE
    return {"seconds": seconds, "audio": audio, "real_time_factor": seconds / audio}


def time_decoder(model: Any) -> list[float]:
    """Note, from now on, how long each call of a decoder takes, for a second of audio."""
    decode = model.decoder.forward
    seconds: list[float] = []

    def timed(*inputs: Any) -> Any:
        began = time.perf_counter()
        audio = decode(*inputs)
        seconds.append((time.perf_counter() - began) / (audio.shape[-1] / SAMPLE_RATE))
        return audio

    model.decoder.forward = timed
    return seconds
