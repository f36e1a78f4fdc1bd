# ruff: noqa: INP001  # benchmarks are no package
"""What the engine kokoro costs, beside its library as shipped: speed, memory and quality.

Run it on an idle machine: `python benchmarks/kokoro.py [--json]`. Without `--model-dir` and
`--checksums` it takes the model that the tests rebuild. Each part runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

# In place of this folder, where this file would be taken for the library of the same name.
sys.path[0] = str(Path(__file__).parents[1])

if TYPE_CHECKING:
    from utterly_kokoro import KokoroSettings

SENTENCES = (
    "The quick brown fox jumps over the lazy dog.",
    "She sells sea shells on the shore, and the shells she sells are sea shells.",
    "A gentle breeze moved the curtains while the children were asleep.",
    "He opened the old wooden door and walked into the quiet garden.",
    "Nobody expected the train to arrive before the end of the storm.",
    "We had coffee in the kitchen and talked about the summer.",
    "The teacher wrote three long words on the board.",
    "My brother bought a red bicycle with the money that he had saved.",
    "Please remember to close the window before you leave the house.",
    "The river was so cold that nobody wanted to swim.",
)
VOICE = "af_heart"
UTTERANCES = 200
WARM = 20


def measure_speed(settings: KokoroSettings) -> dict[str, float]:
    """Seconds in the decoder for a second of audio, taking turns sentence by sentence."""
    engine = _load(settings)
    shipped = _load_shipped(settings)
    seconds: dict[str, list[float]] = {"engine": [], "library": []}
    _time_decoder(engine._model, seconds["engine"])  # noqa: SLF001  # the part that is compared
    _time_decoder(shipped, seconds["library"])
    pack = engine.packs.blend(_blend())
    for sentence in (SENTENCES[0], *SENTENCES):
        phonemes = _phonemes(engine, sentence)
        engine.speak(phonemes, pack, 1.0, None, _context())
        _infer_shipped(shipped, phonemes, pack)
    medians = {name: median(times[1:]) for name, times in seconds.items()}
    return {
        "decoder_engine_s": medians["engine"],
        "decoder_library_s": medians["library"],
        "decoder_ratio": medians["engine"] / medians["library"],
    }


def measure_memory(settings: KokoroSettings) -> dict[str, float]:
    """Megabytes in use: growth over many utterances of varied length, and what stays."""
    import utterly_kokoro
    from utterly_kokoro._memory import resident_megabytes

    engine = _load(settings)
    words = " ".join(SENTENCES).split()
    early = 0.0
    for number in range(UTTERANCES):
        count = 3 + number * 7 % 30
        start = number * 5 % (len(words) - count)
        _say(engine, " ".join(words[start : start + count]))
        if number == WARM - 1:
            early = resident_megabytes()
    late = resident_megabytes()
    utterly_kokoro.unload(engine, _context())
    return {
        f"after_{WARM}_mb": early,
        f"after_{UTTERANCES}_mb": late,
        "growth": late / early - 1,
        "after_unload_mb": resident_megabytes(),
    }


def measure_floor(settings: KokoroSettings) -> dict[str, float]:
    """Megabytes of a process that has imported the library and built its pronunciation."""
    from utterly_kokoro._library import import_kokoro
    from utterly_kokoro._memory import resident_megabytes
    from utterly_kokoro._pronunciation import Pronunciation

    import_kokoro()
    pronunciation = Pronunciation(settings, _files(settings).folder, frozenset("a"))
    pronunciation(SENTENCES[0], "a")
    return {"fresh_mb": resident_megabytes()}


def measure_quality(settings: KokoroSettings) -> dict[str, float]:
    """Word error rate by Whisper, and quality by DNSMOS, of engine and library."""
    from plugins.kokoro.tests import judges

    engine = _load(settings)
    shipped = _load_shipped(settings)
    pack = engine.packs.blend(_blend())
    ways: dict[str, Callable[[str], Any]] = {
        "engine": lambda text: _say(engine, text),
        "library": lambda text: _infer_shipped(shipped, _phonemes(engine, text), pack),
    }
    found: dict[str, float] = {}
    for name, say in ways.items():
        spoken = [(text, say(text)) for text in SENTENCES]
        found[f"word_error_rate_{name}"] = mean(
            judges.word_error_rate(text, judges.transcribe(samples, 24_000))
            for text, samples in spoken
        )
        found[f"quality_{name}"] = mean(
            judges.rate_quality(samples, 24_000) for _, samples in spoken
        )
    return found


PARTS = {
    "speed": measure_speed,
    "memory": measure_memory,
    "floor": measure_floor,
    "quality": measure_quality,
}


def _set_environment() -> None:
    """Set what the engine declares, as Utterly does before it calls a hook."""
    import utterly_kokoro

    for name, value in utterly_kokoro.describe().environment.items():
        os.environ.setdefault(name, value)


def _context() -> Any:
    from utterly import Context

    return Context()


def _files(settings: KokoroSettings) -> Any:
    import utterly_kokoro

    return utterly_kokoro.ensure_model(settings, _context())


def _load(settings: KokoroSettings) -> Any:
    import utterly_kokoro

    return utterly_kokoro.load(settings, _files(settings), _context())


def _load_shipped(settings: KokoroSettings) -> Any:
    """The library's own model, in its own way."""
    import warnings

    import kokoro

    folder = _files(settings).folder
    with warnings.catch_warnings(action="ignore"):
        return kokoro.KModel(
            repo_id="hexgrad/Kokoro-82M",
            config=str(folder / "config.json"),
            model=str(folder / "kokoro-v1_0.pth"),
        ).eval()


def _infer_shipped(model: Any, phonemes: str, pack: Any) -> Any:
    from kokoro import KPipeline

    return KPipeline.infer(model, phonemes, pack).audio.numpy()


def _blend() -> Any:
    from utterly_kokoro._voices import read_blend

    return read_blend(VOICE, (VOICE,))


def _phonemes(engine: Any, text: str) -> str:
    from utterly_kokoro._tokens import lay_out

    return lay_out(engine.pronunciation(text, "a"))


def _say(engine: Any, text: str) -> Any:
    import numpy as np

    import utterly_kokoro
    from utterly import SpeechRequest

    request = SpeechRequest(text, voice=VOICE)
    return np.concatenate(
        [audio.samples for audio in utterly_kokoro.synthesize(engine, request, _context())]
    )


def _time_decoder(model: Any, seconds: list[float]) -> None:
    """Note how long each call of the decoder takes, for a second of audio."""
    decode = model.decoder.forward

    def timed(*inputs: Any) -> Any:
        began = time.perf_counter()
        audio = decode(*inputs)
        seconds.append((time.perf_counter() - began) / (audio.shape[-1] / 24_000))
        return audio

    model.decoder.forward = timed


def _settings(options: argparse.Namespace) -> KokoroSettings:
    import platformdirs
    from plugins.kokoro.tests.checkpoint import cached_model, compute_sums

    from utterly_kokoro import KokoroSettings

    if options.model_dir:
        return KokoroSettings(model_dir=options.model_dir, checksums=options.checksums)
    cache = platformdirs.user_cache_path("utterly-tests", appauthor=False)
    folder = cached_model(cache)
    sums = cache / "SHA256SUMS"
    lines = (f"{checksum}  {name}\n" for name, checksum in compute_sums(folder).items())
    sums.write_text("".join(lines), "ascii")
    return KokoroSettings(model_dir=folder, checksums=sums)


def _run(part: str, arguments: list[str]) -> dict[str, float]:
    command = [sys.executable, __file__, *arguments, "--part", part]
    ended = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603  # this file
    values: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return values


def main() -> None:
    """Measure all, or one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path)
    parser.add_argument("--checksums", type=Path)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    options = parser.parse_args()
    if options.part:
        _set_environment()
        print(json.dumps(PARTS[options.part](_settings(options))))  # noqa: T201  # for the parent
        return
    arguments = [argument for argument in sys.argv[1:] if argument != "--json"]
    values = {name: value for part in PARTS for name, value in _run(part, arguments).items()}
    values["unloaded_over_fresh_mb"] = values["after_unload_mb"] - values["fresh_mb"]
    if options.json:
        print(json.dumps(values, indent=2))  # noqa: T201  # it is a command
        return
    for name, value in values.items():
        print(f"{name:<24} {value:10.3f}")  # noqa: T201  # as above


if __name__ == "__main__":
    main()
