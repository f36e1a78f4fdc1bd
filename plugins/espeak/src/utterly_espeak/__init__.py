"""eSpeak NG for Utterly: a hundred languages, no download, no network, a few milliseconds.

The hooks are here; what they use is imported when they are called, so that importing this package
loads neither numpy nor the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from utterly import EngineInfo, hookimpl
from utterly_espeak._languages import LANGUAGES
from utterly_espeak._settings import EspeakSettings

if TYPE_CHECKING:
    from collections.abc import Generator

    from utterly import Audio, Context, SpeechRequest, Voice
    from utterly_espeak._engine import Espeak

__all__ = ["EspeakSettings", "describe", "load", "synthesize", "unload", "utterly_api", "voices"]

utterly_api = 1


@hookimpl
def describe() -> EngineInfo:
    """State the engine's facts."""
    return EngineInfo(
        title="eSpeak NG",
        kind="local",
        languages=LANGUAGES,
        sample_rate=22_050,
        features=("speed", "pitch", "volume"),
        concurrency=1,
        streams=True,
        settings=EspeakSettings,
        licence="MIT",
        runtime_licences=("GPL-3.0-or-later",),
    )


@hookimpl
def voices(settings: EspeakSettings) -> tuple[Voice, ...]:
    """List one voice for each language or accent; each also answers to `id+variant`.

    Raises:
        EngineUnavailableError: The library or its data is missing.
    """
    from utterly_espeak._engine import list_voices

    return list_voices(settings)


@hookimpl
def load(settings: EspeakSettings) -> Espeak:
    """Find the library and initialise it.

    Raises:
        EngineUnavailableError: The library, its data or the variant of the settings is missing.
    """
    from utterly_espeak._engine import Espeak

    return Espeak.load(settings)


@hookimpl
def synthesize(
    settings: EspeakSettings, model: Espeak, request: SpeechRequest, context: Context
) -> Generator[Audio]:
    """Speak one segment, audio as the library hands it over, with word timings.

    Raises:
        UnsupportedError: There is no such voice, variant or language.
    """
    from utterly_espeak._synthesis import speak

    return speak(settings, model, request, context)


@hookimpl
def unload(model: Espeak) -> None:
    """Give the library's memory back."""
    model.unload()
