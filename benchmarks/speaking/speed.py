# ruff: noqa: INP001  # benchmarks are no package
"""How fast: a sentence, a paragraph through a `Speaker`, and its first audio."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.speaking import contestants, timing
from benchmarks.speaking.texts import PARAGRAPH, SENTENCE, SENTENCES, VOICE

if TYPE_CHECKING:
    from utterly import Speaker
    from utterly_kokoro import KokoroSettings
    from utterly_kokoro._engine import Kokoro


def measure_sentence(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:
    """From phonemes to audio, in every way that there is here."""
    from utterly_kokoro._decoder.plan import processor_has_bfloat16

    library = contestants.load_library(settings)
    formats = ("bfloat16", "float32") if processor_has_bfloat16() else ("float32",)
    ways: dict[str, Callable[[], Any]] = {}
    for number_format in formats:
        for way in ("compiled", "uncompiled"):
            engine = contestants.load_engine(settings, decoder=way, dtype=number_format)
            ways[f"{way} {number_format}"] = partial(_speak, engine)
    phonemes, pack = contestants.phonemes_of(engine, SENTENCE), contestants.pack_of(engine)
    ways["library"] = lambda: contestants.say_with_library(library, phonemes, pack)
    if onnx := contestants.load_onnx(settings, options.onnx_model):
        ways["kokoro-onnx"] = lambda: onnx(phonemes)
    timed = {name: partial(timing.time_speech, speak) for name, speak in ways.items()}
    found = timing.take_turns(timed, options.runs)
    compiling = _time_compiling(formats[0])
    return {"compiling_seconds": compiling, "phonemes": len(phonemes), **_with_ratios(found)}


def measure_decoder(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:  # noqa: ARG001  # as the others
    """The decoder alone, over sentences of several lengths; seconds for a second of audio."""
    engine = contestants.load_engine(settings)
    library = contestants.load_library(settings)
    seconds = {
        "engine": timing.time_decoder(engine._model),  # noqa: SLF001  # the part that is compared
        "library": timing.time_decoder(library),
    }
    pack = contestants.pack_of(engine)
    for sentence in (SENTENCES[0], *SENTENCES):
        phonemes = contestants.phonemes_of(engine, sentence)
        engine.speak(phonemes, pack, 1.0, None, contestants.context())
        contestants.say_with_library(library, phonemes, pack)
    medians = {name: median(times[1:]) for name, times in seconds.items()}
    return {
        "plan": str(engine.plan),
        "decoder_engine_s": medians["engine"],
        "decoder_library_s": medians["library"],
        "decoder_ratio": medians["engine"] / medians["library"],
    }


def measure_paragraph(settings: KokoroSettings, options: Namespace) -> dict[str, Any]:
    """Three hundred words from text to audio, and when the first of it comes."""
    from utterly import Speaker

    engine = contestants.load_engine(settings)
    pipeline = contestants.library_pipeline(engine, contestants.load_library(settings))
    values = {name: getattr(settings, name) for name in ("model_dir", "checksums", "spacy_model")}
    with Speaker("kokoro", settings={"kokoro": values}) as speaker:
        speaker.prepare()
        ways = {
            "engine": lambda: _time_stream(_stream(speaker, PARAGRAPH)),
            "library": lambda: _time_stream(pipeline(PARAGRAPH)),
        }
        return _with_ratios(timing.take_turns(ways, options.runs))


def _speak(engine: Kokoro) -> Any:
    phonemes, pack = contestants.phonemes_of(engine, SENTENCE), contestants.pack_of(engine)
    return engine.speak(phonemes, pack, 1.0, None, contestants.context()).samples


def _time_compiling(number_format: str) -> float:
    """Seconds that it takes where nothing is in the cache."""
    from utterly_kokoro._decoder.compiled import start_compiling

    began = time.perf_counter()
    with TemporaryDirectory() as folder, start_compiling(Path(folder), number_format) as program:
        program.wait()
    return time.perf_counter() - began


def _stream(speaker: Speaker, text: str) -> Iterator[Any]:
    with speaker.stream(text, voice=f"kokoro:{VOICE}") as stream:
        yield from (chunk.samples for chunk in stream)


def _time_stream(parts: Iterator[Any]) -> dict[str, float]:
    """Total and first audio; and how long a listener would have waited within it."""
    began = time.perf_counter()
    first, audio, gaps = 0.0, 0.0, 0.0
    for samples in parts:
        now = time.perf_counter() - began
        first = first or now
        gaps = max(gaps, now - first - audio)
        audio += len(samples) / timing.SAMPLE_RATE
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "first_audio": first,
        "longest_gap": gaps,
        "audio": audio,
        "real_time_factor": seconds / audio,
    }


def _with_ratios(found: dict[str, dict[str, dict[str, float]]]) -> dict[str, Any]:
    """Add to each way's medians what part of the library's they are."""
    for values in found.values():
        for key in ("seconds", "first_audio"):
            if key in values:
                values[key]["of_library"] = values[key]["median"] / found["library"][key]["median"]
    return {"ways": found}
