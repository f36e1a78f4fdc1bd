"""The settings that every engine has: in which process it runs, and what that may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

from utterly.settings import FilledSettings, SettingsLayer, fill_settings


@dataclass(frozen=True, slots=True)
class IsolationSettings:
    """How an engine is kept apart from the program.

    Attributes:
        isolation: `"none"` runs it in the program's own process, `"process"` in one of its own.
        memory_limit: Megabytes that its process may have in memory; one that has more is replaced
            between two segments.
        cores: How many processor cores its process keeps to; by default it may use all.
    """

    isolation: Literal["none", "process"] = "none"
    memory_limit: int | None = None
    cores: int | None = None

    def __post_init__(self) -> None:
        for name in ("memory_limit", "cores"):
            value = getattr(self, name)
            if value is not None and self.isolation == "none":
                raise ValueError(f'{name} is for a process of its own; set isolation = "process"')
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")


RESERVED: tuple[str, ...] = tuple(entry.name for entry in fields(IsolationSettings))
"""Names of these settings, which no engine may have for its own."""


def split_settings(
    engine: str, layers: Sequence[SettingsLayer]
) -> tuple[FilledSettings, tuple[SettingsLayer, ...]]:
    """Tell the settings that every engine has from its own.

    Args:
        engine: Configured name, for messages.
        layers: Where values may come from, the strongest first.

    Returns:
        The former, filled in; and what is left for the engine's own.

    Raises:
        SettingsError: A value that does not fit.
    """
    reserved = (layer.only(RESERVED) for layer in layers)
    filled = fill_settings(IsolationSettings, engine, *reserved)
    return filled, tuple(layer.without(RESERVED) for layer in layers)
