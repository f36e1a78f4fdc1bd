# ruff: noqa: INP001  # benchmarks are no package
"""What a process of its own costs an engine, and what it gives back, beside the same in ours.

Run it on an idle machine: `python benchmarks/isolation.py [--json] [--quick]`. It speaks with
Kokoro, from the model that the tests rebuild, and hundreds of sentences with an engine that leaks.
Sentences are spoken in turn by both, so that a machine that slows down slows both; each value is a
median.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from utterly import Policy, Speaker

# In place of this folder, where other benchmarks would be taken for the libraries of their names.
sys.path[0] = str(Path(__file__).parents[1])

MEGABYTE = 2**20
SENTENCE = "The quick brown fox jumps over the lazy dog."
UTTERANCES = 500
PATIENCE = Policy(prepare_seconds=120, first_audio_local_seconds=120, stall_seconds=120)


def measure_kokoro(rounds: int) -> dict[str, float]:
    """Seconds of a segment and until first audio, here and there, and memory after unloading."""
    settings = _kokoro_settings()
    found: dict[str, list[float]] = {}
    parent = psutil.Process()
    gc.collect()
    before = parent.memory_info().rss
    with _speaker("kokoro", settings, "process") as apart:
        apart.prepare()
        apart.say(SENTENCE)
        loaded = parent.memory_info().rss
        with _speaker("kokoro", settings, "none") as here:
            here.prepare()
            here.say(SENTENCE)
            for _ in range(rounds):
                for name, speaker in (("here", here), ("apart", apart)):
                    found.setdefault(f"segment_{name}_s", []).append(_time(speaker))
                    found.setdefault(f"first_audio_{name}_s", []).append(_time_first(speaker))
    values = {name: median(times) for name, times in found.items()}
    return {
        **values,
        "segment_cost": values["segment_apart_s"] / values["segment_here_s"] - 1,
        "first_audio_later_ms": 1000
        * (values["first_audio_apart_s"] - values["first_audio_here_s"]),
        "parent_grew_while_loaded_mb": (loaded - before) / MEGABYTE,
    }


def measure_unload() -> dict[str, float]:
    """Megabytes that the program has more after Kokoro was loaded, spoke and was unloaded."""
    settings = _kokoro_settings()
    with _speaker("espeak", {}, "none") as espeak:
        espeak.say(SENTENCE)  # what speaking itself needs of the program is no engine's memory
    gc.collect()
    before = psutil.Process().memory_info().rss
    with _speaker("kokoro", settings, "process") as speaker:
        speaker.say(SENTENCE)
        (worker,) = psutil.Process().children()
        taken = worker.memory_info().rss
    gc.collect()
    after = psutil.Process().memory_info().rss
    return {
        "kokoro_process_mb": taken / MEGABYTE,
        "parent_grew_after_unload_mb": (after - before) / MEGABYTE,
        "processes_left": float(len(psutil.Process().children())),
    }


def measure_overhead(rounds: int) -> dict[str, float]:
    """Milliseconds that eSpeak takes more for a sentence: nearly all of it is the way there."""
    with _speaker("espeak", {}, "none") as here, _speaker("espeak", {}, "process") as apart:
        for speaker in (here, apart):
            speaker.say(SENTENCE)
        segments = [
            (_time(apart) - _time(here), _time_first(apart) - _time_first(here))
            for _ in range(rounds)
        ]
    return {
        "espeak_segment_later_ms": 1000 * median(whole for whole, _first in segments),
        "espeak_first_audio_later_ms": 1000 * median(first for _whole, first in segments),
    }


def measure_start() -> dict[str, float]:
    """Seconds from nothing to an engine that is ready, in a new process."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        with _speaker("espeak", {}, "process") as speaker:
            speaker.prepare()
            times.append(time.perf_counter() - began)
            (worker,) = psutil.Process().children()
            resident = worker.memory_info().rss
    return {"espeak_start_s": median(times), "espeak_process_mb": resident / MEGABYTE}


def measure_limit(utterances: int) -> dict[str, float]:
    """What the process of an engine that leaks 8 MB a segment has over its limit, in MB."""
    from tempfile import TemporaryDirectory

    from utterly.isolation.ending import EngineProcessEnded
    from utterly.testing import RecordingObserver, write_distribution

    limit, observer, over = 160, RecordingObserver(), []
    with TemporaryDirectory() as folder:
        write_distribution(Path(folder), "utterly-leaky", source=LEAKY)
        sys.path.insert(0, folder)
        settings = {"leaky": {"isolation": "process", "memory_limit": limit}}
        with Speaker("leaky", settings=settings, on_event=observer) as speaker:
            for _ in range(utterances):
                speaker.say("One.")
                resident = [_resident(process) for process in psutil.Process().children()]
                over.append(max(resident, default=0.0) - limit)
    return {
        "limit_utterances": float(utterances),
        "limit_passed_by_at_most_mb": max(over),
        "limit_processes_replaced": float(len(observer.of(EngineProcessEnded))),
    }


LEAKY = """
import numpy as np
from utterly import Audio, EngineInfo, hookimpl

utterly_api = 1
kept = []

@hookimpl
def describe():
    return EngineInfo("Leaky", "local", ("en",), 24_000, licence="MIT")

@hookimpl
def synthesize():
    kept.append(np.ones(2 * 2**20, np.float32))
    yield Audio(np.full(2_400, 0.1, np.float32), 24_000)
"""


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / MEGABYTE
    except psutil.NoSuchProcess:
        return 0.0


def _time(speaker: Speaker) -> float:
    began = time.perf_counter()
    speaker.say(SENTENCE)
    return time.perf_counter() - began


def _time_first(speaker: Speaker) -> float:
    began = time.perf_counter()
    with speaker.stream(SENTENCE) as stream:
        next(stream)
        seconds = time.perf_counter() - began
        for _chunk in stream:
            pass
    return seconds


def _speaker(engine: str, settings: dict[str, Any], isolation: str) -> Speaker:
    settings = {**settings, "isolation": isolation}
    return Speaker(engine, settings={engine: settings}, policy=PATIENCE)


def _kokoro_settings() -> dict[str, Any]:
    import platformdirs
    from plugins.kokoro.tests.checkpoint import cached_model, compute_sums

    cache = platformdirs.user_cache_path("utterly-tests", appauthor=False)
    folder = cached_model(cache)
    sums = cache / "SHA256SUMS"
    lines = (f"{checksum}  {name}\n" for name, checksum in compute_sums(folder).items())
    sums.write_text("".join(lines), "ascii")
    return {"model_dir": str(folder), "checksums": str(sums)}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    options = parser.parse_args()
    parts: tuple[Callable[[], dict[str, float]], ...] = (
        measure_unload,
        measure_start,
        lambda: measure_overhead(20 if options.quick else 100),
        lambda: measure_limit(60 if options.quick else UTTERANCES),
        lambda: measure_kokoro(5 if options.quick else 15),
    )
    values: dict[str, float] = {}
    for part in parts:
        found = part()
        values |= found
        for name, value in found.items() if not options.json else ():
            print(f"{name:<32}{value:10.3f}", flush=True)  # noqa: T201  # it is a command
    if options.json:
        print(json.dumps(values, indent=2))  # noqa: T201  # as above


if __name__ == "__main__":
    main()
