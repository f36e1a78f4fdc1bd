"""Gemini for Utterly: Google's thirty voices, in the cloud.

The hooks are here; what they use is imported when they are called, so that importing this package
loads neither numpy nor the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from utterly import EngineInfo, hookimpl
from utterly_gemini._settings import GeminiSettings
from utterly_gemini._voices import LANGUAGES, list_voices

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from utterly import Audio, Context, SpeechRequest, Voice
    from utterly_gemini._connection import Connection

__all__ = ["GeminiSettings", "describe", "load", "synthesize", "unload", "utterly_api", "voices"]

utterly_api = 1


@hookimpl
def describe() -> EngineInfo:
    """State the engine's facts."""
    return EngineInfo(
        title="Gemini",
        kind="cloud",
        languages=LANGUAGES,
        sample_rate=24_000,
        features=("style",),
        # Of 8,192 tokens that the models take; a character is one at most in any script.
        longest_segment=4_000,
        concurrency=4,
        # Long segments come in one piece, and need the time for that.
        streams=False,
        settings=GeminiSettings,
        licence="MIT",
        runtime_licences=("Apache-2.0", "LicenseRef-Gemini-API-Terms"),
    )


@hookimpl
def voices() -> tuple[Voice, ...]:
    """List the thirty prebuilt voices; each speaks every language."""
    return list_voices()


@hookimpl
async def load(engine: str, settings: GeminiSettings, context: Context) -> Connection:
    """Check the key, make a client, and say once where the text goes; nothing is sent yet.

    Raises:
        EngineUnavailableError: There is no key, or it is malformed, or the library is missing.
    """
    from utterly_gemini._connection import Connection, tell_destination

    connection = Connection.open(settings)
    tell_destination(context.logger, engine, settings.destination)
    return connection


@hookimpl
async def synthesize(model: Connection, request: SpeechRequest) -> AsyncGenerator[Audio]:
    """Speak one segment, as it comes where that is sound.

    Raises:
        UnsupportedError: There is no such voice or language, or the model takes no style.
        EngineError: Whatever Gemini answered, as the class that it means.
    """
    from utterly_gemini._synthesis import speak

    async for audio in speak(model, request):
        yield audio


@hookimpl
async def unload(model: Connection) -> None:
    """Close the connections."""
    await model.close()
