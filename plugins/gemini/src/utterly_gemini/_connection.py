"""The library's client, tamed.

`google-genai` retries, continues answers, follows redirects with the key, waits for ever and takes
another way when aiohttp is installed, each unless told otherwise. Core is the only one here who
tries again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from logging import Logger
from typing import TYPE_CHECKING, Any

from utterly import EngineUnavailableError
from utterly_gemini._key import find_key

if TYPE_CHECKING:
    import httpx2
    from google import genai

    from utterly_gemini._settings import GeminiSettings


@dataclass(frozen=True, slots=True)
class Connection:
    """One client for as long as the engine is loaded, on the loop that it was opened on.

    Attributes:
        client: The library's; it must be kept, since it closes itself when nobody has it.
        transport: What it sends through.
        settings: The engine's.
    """

    client: genai.Client = field(repr=False)
    transport: httpx2.AsyncClient = field(repr=False)
    settings: GeminiSettings

    @classmethod
    def open(cls, settings: GeminiSettings) -> Connection:
        """Make the client; nothing is sent.

        Raises:
            EngineUnavailableError: There is no key, or it is malformed, or the library is missing.
        """
        key = find_key(settings)
        try:
            from google import genai
            from google.genai import types
        except ImportError as error:
            raise EngineUnavailableError(
                f"the library google-genai cannot be imported ({error.name} is missing)",
                mend="pip install --upgrade utterly-gemini",
            ) from error
        transport = _open_transport(settings)
        options = types.HttpOptions(
            # Given, so that no environment variable leads elsewhere.
            base_url=settings.endpoint,
            timeout=round(settings.read_seconds * 1000),
            # One attempt; left out, some transports have a hidden second one.
            retry_options=types.HttpRetryOptions(attempts=1),
            # Of our own, so that it is the same whether or not aiohttp is installed.
            httpx_async_client=transport,
        )
        # The environment may ask for Vertex, which is another service.
        client = genai.Client(api_key=key.reveal(), vertexai=False, http_options=options)
        return cls(client, transport, settings)

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aio.aclose()
        self.client.close()
        await self.transport.aclose()


def _open_transport(settings: GeminiSettings) -> httpx2.AsyncClient:
    import httpx2

    limits = {
        "connect": settings.connect_seconds,
        "pool": settings.connect_seconds,
        "read": settings.read_seconds,
        "write": settings.read_seconds,
    }

    async def set_limits(request: Any) -> None:
        # The library has one number for all of them, and so for a connection too.
        request.extensions["timeout"] = limits

    return httpx2.AsyncClient(
        # The library would take the key along to whatever address an answer names.
        follow_redirects=False,
        event_hooks={"request": [set_limits]},
    )


@cache  # so that it is told once in a process
def tell_destination(logger: Logger, engine: str, whose: str) -> None:
    """Warn that the text leaves the machine."""
    logger.warning("%s sends the text to %s", engine, whose)
