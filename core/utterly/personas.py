"""Personas: names of the user's, each standing for a voice on every engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from utterly.errors import SettingsError
from utterly.preferences import is_name, read_preference


@dataclass(frozen=True, slots=True)
class Persona:
    """One `[personas.NAME]` table.

    Attributes:
        name: As voices are asked for by; without a colon.
        source: The file that it stands in.
        voices: The engine's own voice id, by configured name; other engines speak with their
            default for the language.
        language: BCP 47 tag; by default that of the first voice in the chain.
        speed: Factor, 0.5 to 2.
    """

    name: str
    source: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    speed: float | None = None


def read_persona(name: str, table: Any, source: str) -> Persona:
    """Check one table.

    Raises:
        SettingsError: It says something that has no meaning.
    """
    if ":" in name or not is_name(name):
        raise SettingsError(
            f"{source}: {name!r} is no name for a persona: it takes one without a colon, not blank",
            source=source,
        )
    if not isinstance(table, Mapping):
        raise SettingsError(
            f"{source}: personas.{name} must be a table: write [personas.{name}]", source=source
        )
    manner = {
        key: read_preference(key, table[key], source, f"personas.{name}.{key}")
        for key in ("language", "speed")
        if key in table
    }
    return Persona(name, source, dict(_voices(name, table, source)), **manner)


def _voices(name: str, table: Mapping[str, Any], source: str) -> Iterator[tuple[str, str]]:
    for engine, voice in table.items():
        if engine not in ("language", "speed"):
            label = f"personas.{name}.{engine}"
            text: str = read_preference("voice", voice, source, label)
            yield engine, text.removeprefix(f"{engine}:")
