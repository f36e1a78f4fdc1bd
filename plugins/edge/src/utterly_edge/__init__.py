"""The voices of Microsoft Edge's online service for Utterly: no key, no download.

The hooks are here; what they use is imported when they are called, so that importing this package
loads neither numpy nor the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from utterly import EngineInfo, hookimpl
from utterly_edge._settings import EdgeSettings
from utterly_edge._voice_list import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable

    from utterly import Audio, Context, SpeechRequest, Voice
    from utterly_edge._engine import Edge

__all__ = ["EdgeSettings", "describe", "load", "synthesize", "utterly_api", "voices"]

utterly_api = 1


@hookimpl
def describe() -> EngineInfo:
    """State the engine's facts."""
    return EngineInfo(
        title="Microsoft Edge (unofficial)",
        kind="cloud",
        languages=LANGUAGES,
        sample_rate=24_000,
        features=("speed", "pitch", "volume"),
        longest_segment=2_000,
        concurrency=4,
        streams=True,
        settings=EdgeSettings,
        licence="MIT",
        runtime_licences=("LGPL-3.0-only",),
    )


@hookimpl
def voices(
    settings: EdgeSettings, context: Context
) -> tuple[Voice, ...] | Awaitable[tuple[Voice, ...]]:
    """List the voices: a refreshed list where there is one, else that which ships.

    Only asking for a newer one needs an event loop.

    Raises:
        EngineError: A newer list was asked for, and cannot be had.
    """
    if context.refresh and not context.offline:
        from utterly_edge._engine import refresh_voices

        return refresh_voices(settings)
    from utterly_edge._voices import known_voices

    return known_voices(settings)


@hookimpl
def load(engine: str, settings: EdgeSettings, context: Context) -> Edge:
    """Import the library; nothing is connected yet.

    Raises:
        EngineUnavailableError: The library is missing, or a setting cannot be used.
    """
    from utterly_edge._engine import Edge

    return Edge.load(engine, settings, context)


@hookimpl
def synthesize(model: Edge, request: SpeechRequest, context: Context) -> AsyncGenerator[Audio]:
    """Speak one segment, audio as it arrives, with word timings.

    Raises:
        EngineError: Whatever goes wrong, as one of its subclasses.
    """
    from utterly_edge._synthesis import speak

    return speak(model, request, context)
