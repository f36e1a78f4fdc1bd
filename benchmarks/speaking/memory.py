# ruff: noqa: INP001  # benchmarks are no package
"""How much memory: while many utterances of varied length are spoken, and after the last."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from benchmarks.speaking import contestants
from benchmarks.speaking.texts import SENTENCES, varied

if TYPE_CHECKING:
    from utterly_kokoro import KokoroSettings

WARM = 20


def measure_memory(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:
    """Megabytes in use: growth over many utterances, and what stays after them."""
    import utterly_kokoro
    from utterly_kokoro._memory import resident_megabytes

    engine = contestants.load_engine(settings)
    used: list[float] = []
    began = time.perf_counter()
    for number in range(options.utterances):
        contestants.say(engine, varied(number))
        used.append(resident_megabytes())
    seconds = time.perf_counter() - began
    utterly_kokoro.unload(engine, contestants.context())
    half = len(used) // 2
    return {
        "kernel_caches": os.environ.get("ONEDNN_PRIMITIVE_CACHE_CAPACITY", ""),
        "utterances": len(used),
        "seconds": seconds,
        "first_mb": used[0],
        "warm_mb": used[min(WARM, len(used)) - 1],
        "half_mb": used[half - 1],
        "last_mb": used[-1],
        "most_mb": max(used),
        "growth": used[-1] / used[min(WARM, len(used)) - 1] - 1,
        "growth_of_second_half": used[-1] / used[half - 1] - 1,
        "after_unload_mb": resident_megabytes(),
    }


def measure_floor(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:  # noqa: ARG001  # as the others
    """Megabytes of a process that has imported the library and built its pronunciation."""
    from utterly_kokoro._library import import_kokoro
    from utterly_kokoro._memory import resident_megabytes
    from utterly_kokoro._pronunciation import Pronunciation

    import_kokoro()
    pipeline = contestants.find_files(settings).pipeline
    pronunciation = Pronunciation(pipeline, frozenset("a"))
    pronunciation(SENTENCES[0], "a")
    return {"fresh_mb": resident_megabytes()}
