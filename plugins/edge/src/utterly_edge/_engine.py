"""The engine between `load` and `unload`, and its list of voices."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from logging import Logger
from typing import TYPE_CHECKING

from utterly import EngineError, Voice
from utterly_edge._faults import translated, unknown_answer
from utterly_edge._library import Library
from utterly_edge._settings import HOST
from utterly_edge._voices import known_voices, read_voices, save_list

if TYPE_CHECKING:
    from utterly import Context
    from utterly_edge._settings import EdgeSettings


@dataclass(frozen=True, slots=True)
class Edge:
    """The library and the voices.

    Attributes:
        settings: The engine's.
        library: Ready to connect.
        voices: All that may be asked for.
    """

    settings: EdgeSettings
    library: Library
    voices: tuple[Voice, ...]

    @classmethod
    def load(cls, engine: str, settings: EdgeSettings, context: Context) -> Edge:
        """Import the library, and say once where the text goes.

        Raises:
            EngineUnavailableError: The library is missing, or a setting cannot be used.
        """
        edge = cls(settings, Library.open(settings), known_voices(settings))
        whose = "Microsoft's servers" if settings.endpoint == HOST else settings.endpoint
        tell_destination(context.logger, engine, whose)
        return edge

    async def ask_for_voices(self) -> tuple[Voice, ...]:
        """Fetch the service's list.

        Raises:
            EngineError: It cannot be had, or is not a list of voices.
        """
        from utterly_edge._connection import connector

        with translated():
            async with asyncio.timeout(self.settings.answer_seconds), connector() as ours:
                listed = await self.library.list_voices(connector=ours, proxy=self.library.proxy)
        voices = read_voices(listed)
        if not voices:
            raise unknown_answer("a list without voices")
        return voices

    async def ask_for_voices_quietly(self) -> tuple[Voice, ...]:
        """The service's list; nothing where it cannot be had."""
        try:
            return await self.ask_for_voices()
        except EngineError:
            return ()


async def refresh_voices(settings: EdgeSettings) -> tuple[Voice, ...]:
    """Ask the service for its voices, and keep the list.

    Raises:
        EngineError: It cannot be asked.
    """
    voices = await Edge(settings, Library.open(settings), ()).ask_for_voices()
    save_list(settings, voices)
    return voices


@cache  # so that it is told once in a process
def tell_destination(logger: Logger, engine: str, whose: str) -> None:
    """Warn that the text leaves the machine."""
    logger.warning("%s sends the text to %s", engine, whose)
