"""Kokoro-82M for Utterly: a natural voice in nine languages, without a network.

The hooks are here; what they use is imported when they are called, so that importing this package
loads neither torch nor kokoro.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from utterly import EngineInfo, hookimpl
from utterly_kokoro._settings import MODEL_SIZE, KokoroSettings
from utterly_kokoro._voices import LANGUAGES, VOICES

if TYPE_CHECKING:
    from collections.abc import Generator

    from utterly import Audio, Context, SpeechRequest, Voice
    from utterly_kokoro._engine import Kokoro
    from utterly_kokoro._files import ModelFiles

__all__ = [
    "KokoroSettings",
    "describe",
    "ensure_model",
    "explain_setup",
    "load",
    "remove_model",
    "synthesize",
    "unload",
    "utterly_api",
    "voices",
]

utterly_api = 1

_KERNELS = "128"
"""oneDNN keeps 1,024 kernels, one for each shape that it met, until the process ends.

Nearly every text has shapes of its own, some fifty; those of two are enough. 1,024 take 300 MB more
and save no time; 16 take 46 MB less, and forget a text before it is said again (the README has the
measurements). The variables are read when torch first computes.
"""


@hookimpl
def describe() -> EngineInfo:
    """State the engine's facts."""
    return EngineInfo(
        title="Kokoro",
        kind="local",
        languages=tuple(LANGUAGES.values()),
        sample_rate=24_000,
        features=("speed", "seed"),
        # The network speaks one piece at a time, for each request in turn; see `_turns`.
        concurrency=4,
        settings=KokoroSettings,
        licence="MIT",
        # The library and the weights; phonemizer and eSpeak NG, which they run with.
        runtime_licences=("Apache-2.0", "GPL-3.0-or-later"),
        model_size=MODEL_SIZE,
        environment={"ONEDNN_PRIMITIVE_CACHE_CAPACITY": _KERNELS, "LRU_CACHE_CAPACITY": _KERNELS},
        # Imported libraries keep some 400 MB, and native code can neither be stopped nor caught.
        recommended_isolation="process",
    )


@hookimpl
def voices(settings: KokoroSettings) -> tuple[Voice, ...]:
    """List the voices that the model has, whether or not it is there yet.

    Raises:
        EngineUnavailableError: The file that the setting `checksums` names cannot be read.
    """
    from utterly_kokoro._checksums import expected_checksums, voices_in

    return tuple(VOICES[name] for name in voices_in(expected_checksums(settings)))


@hookimpl
def explain_setup(settings: KokoroSettings) -> str:
    """Say how a processor decodes here, and why.

    Raises:
        EngineUnavailableError: What the settings ask for is not there.
    """
    from utterly_kokoro._decoder.plan import plan_decoder

    if settings.device in ("cuda", "mps"):
        return str(plan_decoder(settings, settings.device))
    return f"on the processor: {plan_decoder(settings, 'cpu')}"


@hookimpl
def ensure_model(settings: KokoroSettings, context: Context) -> ModelFiles:
    """Have the model's files, each of them verified: found, or fetched from the hub.

    Raises:
        ModelDownloadError: They are not there, and cannot be fetched.
        EngineUnavailableError: The library is not installed, or a setting is wrong.
    """
    from utterly_kokoro._files import ensure_files

    return ensure_files(settings, context)


@hookimpl
def remove_model(settings: KokoroSettings, context: Context) -> int:
    """Delete the model's files, and tell how many bytes that frees.

    Raises:
        ModelDownloadError: They cannot be deleted, or somebody is fetching them.
    """
    from utterly_kokoro._files import remove_files_of

    return remove_files_of(settings, context)


@hookimpl
def load(settings: KokoroSettings, model_files: ModelFiles, context: Context) -> Kokoro:
    """Bring the model into memory.

    Raises:
        EngineUnavailableError: A library is missing, or the weights are not those of the model.
        OutOfMemoryError: It does not fit.
    """
    from utterly_kokoro._engine import Kokoro

    return Kokoro.load(settings, model_files, context)


@hookimpl
def synthesize(model: Kokoro, request: SpeechRequest, context: Context) -> Generator[Audio]:
    """Speak one segment, a phrase or a few at a time, with word timings.

    Raises:
        UnsupportedError: There is no such voice, or it speaks another language.
        OutOfMemoryError: There is no memory for it.
    """
    from utterly_kokoro._synthesis import speak

    return speak(model, request, context)


@hookimpl
def unload(model: Kokoro, context: Context) -> None:
    """Give the memory back."""
    model.unload(context)
