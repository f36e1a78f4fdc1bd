# ruff: noqa: INP001  # benchmarks are no package
"""Who speaks: this engine, the library by its own means, and kokoro-onnx where it is installed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from benchmarks.speaking.texts import VOICE

if TYPE_CHECKING:
    from pathlib import Path

    from utterly_kokoro import KokoroSettings
    from utterly_kokoro._engine import Kokoro

Speak = Callable[[str, str, int], Any]
"""Phonemes, voice and seed to samples."""


def load_engine(settings: KokoroSettings, **changes: Any) -> Kokoro:
    """The engine as it will be, compiled where it can be, with some settings changed."""
    import utterly_kokoro

    settings = replace(settings, **changes)
    engine: Kokoro = utterly_kokoro.load(settings, find_files(settings), context())
    if engine.plan.way == "compiled" and not engine.finish_compiling():
        raise RuntimeError("the decoder could not be compiled: nothing here would be true of it")
    return engine


def find_files(settings: KokoroSettings) -> Any:
    """The model's files, verified."""
    import utterly_kokoro

    return utterly_kokoro.ensure_model(settings, context())


def load_library(settings: KokoroSettings) -> Any:
    """The library's own model, in its own way."""
    import kokoro

    folder = find_files(settings).folder
    with warnings.catch_warnings(action="ignore"):
        return kokoro.KModel(
            repo_id="hexgrad/Kokoro-82M",
            config=str(folder / "config.json"),
            model=str(folder / "kokoro-v1_0.pth"),
        ).eval()


def library_pipeline(engine: Kokoro, library: Any) -> Callable[[str], Iterator[Any]]:
    """The library from text to audio, reading English with the same spaCy pipeline.

    Its own constructor would download one.
    """
    import kokoro

    phonemes_of(engine, "Hello.")
    pipeline = kokoro.KPipeline.__new__(kokoro.KPipeline)
    pipeline.lang_code = "a"
    pipeline.model = library
    pipeline.voices = {VOICE: pack_of(engine)}
    pipeline.g2p = engine.pronunciation._by_letter["a"]._g2p  # type: ignore[attr-defined]  # noqa: SLF001  # misaki's own
    return lambda text: (result.audio.numpy() for result in pipeline(text, voice=VOICE))


def load_onnx(settings: KokoroSettings, model: Path | None) -> Callable[[str], Any] | None:
    """kokoro-onnx, saying phonemes; `None` where it or its model is not there."""
    try:
        from kokoro_onnx import Kokoro as OnnxKokoro
    except ImportError:
        return None
    if model is None:
        return None
    import numpy as np

    voices = model.with_name("voices-v1.0.bin")
    if not voices.is_file():
        pack = pack_of(load_engine(settings)).numpy()
        voices = model.with_name("voices.npz")
        np.savez(voices, **{VOICE: pack})
    speaker = OnnxKokoro(str(model), str(voices))
    return lambda phonemes: speaker.create(phonemes, voice=VOICE, is_phonemes=True)[0]


def context() -> Any:
    """Of a call that nobody interrupts."""
    from utterly import Context

    return Context()


def pack_of(engine: Kokoro, voice: str = VOICE) -> Any:
    """The styles of a voice."""
    from utterly_kokoro._voices import read_blend

    return engine.packs.blend(read_blend(voice, engine.voices))


def phonemes_of(engine: Kokoro, text: str, voice: str = VOICE) -> str:
    """What the network is given."""
    from utterly_kokoro._tokens import lay_out

    return lay_out(engine.pronunciation(text, voice[0]))


def say(engine: Kokoro, text: str, voice: str = VOICE) -> Any:
    """Speak with the engine."""
    import numpy as np

    import utterly_kokoro
    from utterly import SpeechRequest

    parts = utterly_kokoro.synthesize(engine, SpeechRequest(text, voice=voice), context())
    return np.concatenate([audio.samples for audio in parts])


def say_with_library(library: Any, phonemes: str, pack: Any) -> Any:
    """Speak with the library."""
    from kokoro import KPipeline

    return KPipeline.infer(library, phonemes, pack).audio.numpy()


def decoders(engine: Any, library: Any) -> dict[str, Speak]:
    """The engine, the engine with the library's noise, and the library."""
    import torch

    from utterly_kokoro._decoder.network import RowDecoder
    from utterly_kokoro._decoder.source import LibrarySource

    fastest = engine._decoding._fastest  # noqa: SLF001  # to give it another source
    ways: dict[str, Any] = {"engine": fastest, "library": None}
    if isinstance(fastest, RowDecoder):
        same = fastest.with_kernels(fastest.kernels)
        same.source = LibrarySource(library.decoder.generator)
        ways["engine with the same noise"] = same

    def speak_with(decode: Any) -> Speak:
        def speak(phonemes: str, voice: str, seed: int) -> Any:
            own = vars(library.decoder)
            if decode is not None:
                own["forward"] = decode
            try:
                torch.manual_seed(seed)
                with torch.inference_mode():
                    pack = pack_of(engine, voice)
                    return say_with_library(library, phonemes, pack)
            finally:
                own.pop("forward", None)

        return speak

    return {name: speak_with(decode) for name, decode in ways.items()}
