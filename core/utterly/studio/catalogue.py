"""What there is to choose from: engines, voices, personas, formats."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from utterly.async_bridge import run_in_thread
from utterly.audio_formats import FORMATS
from utterly.chain import usual_chain
from utterly.engine_info import Voice
from utterly.preferences import FASTEST, SLOWEST, Preferences
from utterly.standing import Standing

if TYPE_CHECKING:
    from utterly.plugins.reports import PluginReport


class Catalogue:
    """Knows the engines, after looking at them once.

    Args:
        chain: Engines that were named for the studio, first choice first.
    """

    def __init__(self, chain: Sequence[str]) -> None:
        self._named = tuple(chain)
        self._engines: tuple[PluginReport, ...] = ()
        self._looking = asyncio.Lock()

    @property
    def titles(self) -> Mapping[str, str]:
        """What people call the engines, by configured name; those of the same plugin apart."""
        return {report.name: report.title for report in self._engines}

    async def engines(self, *, again: bool = False) -> tuple[PluginReport, ...]:
        """Every engine that is installed, also those that cannot be used.

        Args:
            again: Look again, since something may have been mended.
        """
        from utterly.api import engines

        async with self._looking:
            if again or not self._engines:
                reports = await run_in_thread(lambda _cancellation: engines())
                self._engines = tuple(r for r in reports if r.group == "engine")
        return self._engines

    async def to_dict(self, *, again: bool = False) -> dict[str, Any]:
        """All but the voices, ready for JSON."""
        reports = await self.engines(again=again)
        standing = Standing.gather(Preferences())
        said = (place.engines for place in standing.places)
        ready = [report.name for report in reports if report.state == "ready"]
        return {
            "engines": [_engine(report) for report in reports],
            "chain": usual_chain((self._named, *said), ready),
            "personas": [
                {"name": persona.name, "voices": dict(persona.voices)}
                for persona in standing.personas.values()
            ],
            "formats": [suffix.removeprefix(".") for suffix in FORMATS],
            "speeds": [SLOWEST, FASTEST],
        }


def describe_voice(voice: Voice) -> dict[str, Any]:
    """What a page shows of a voice, ready for JSON."""
    return {
        "reference": voice.reference,
        "name": voice.name or voice.id,
        "languages": list(voice.languages),
        "gender": voice.gender,
    }


def _engine(report: PluginReport) -> dict[str, Any]:
    info = report.info
    return {
        "name": report.name,
        "title": report.title,
        "state": report.state,
        "reason": report.reason,
        "mend": report.mend,
        "kind": info.kind if info else "",
        "languages": list(info.languages) if info else [],
        "features": list(info.features) if info else [],
    }
