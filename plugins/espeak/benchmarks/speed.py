# ruff: noqa: INP001  # benchmarks are no package
"""How many times faster than real time the engine speaks: the median of several paragraphs.

Run it by itself: `python plugins/espeak/benchmarks/speed.py`.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import utterly_espeak
from utterly import Context, SpeechRequest

PARAGRAPH = (
    "The quick brown fox jumps over the lazy dog, and then it rests under the old oak tree. Nobody"
    " in the village remembers when the tree was planted. "
) * 4
ROUNDS = 15
VOICES = ("en-us", "en-us+f3", "en-us+Annie", "en-us+klatt", "en-us+Andrea")


def main() -> None:
    """Print, for each voice, the ratio of audio to wall time, and the wait for the first chunk."""
    settings = utterly_espeak.EspeakSettings()
    started = time.perf_counter()
    model = utterly_espeak.load(settings)
    print(f"load: {(time.perf_counter() - started) * 1000:.1f} ms")  # noqa: T201  # its result
    for voice in VOICES:
        rounds = [_measure(settings, model, voice) for _ in range(ROUNDS)]
        ratio, first = (median(values) for values in zip(*rounds, strict=True))
        print(f"{voice}: {ratio:.0f} times real time, first audio {first * 1000:.1f} ms")  # noqa: T201  # as above
    utterly_espeak.unload(model)


def _measure(
    settings: utterly_espeak.EspeakSettings, model: Any, voice: str
) -> tuple[float, float]:
    request = SpeechRequest(PARAGRAPH, voice=voice)
    started = time.perf_counter()
    chunks = iter(utterly_espeak.synthesize(settings, model, request, Context()))
    duration = next(chunks).duration
    first = time.perf_counter() - started
    duration += sum(chunk.duration for chunk in chunks)
    return duration / (time.perf_counter() - started), first


if __name__ == "__main__":
    main()
