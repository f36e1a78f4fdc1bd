"""A way for the tests to have the engine speak without core."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.servers.gemini import API_KEY

from utterly import Audio, Secret, SpeechRequest
from utterly_gemini import GeminiSettings
from utterly_gemini._connection import Connection
from utterly_gemini._synthesis import speak


def say(
    endpoint: str,
    text: str = "A sentence.",
    *,
    settings: dict[str, Any] | None = None,
    **asked: Any,
) -> list[Audio]:
    """Speak a text to the end; whatever the engine raises comes out."""

    async def say() -> list[Audio]:
        filled = GeminiSettings(api_key=Secret(API_KEY), endpoint=endpoint, **(settings or {}))
        connection = Connection.open(filled)
        try:
            return [audio async for audio in speak(connection, SpeechRequest(text, **asked))]
        finally:
            await connection.close()

    return asyncio.run(say())
