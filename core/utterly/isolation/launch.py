"""What it takes to start the process of an engine."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from utterly.isolation.connection import encode
from utterly.isolation.messages import Setup
from utterly.isolation_settings import IsolationSettings
from utterly.settings import SettingsLayer

if TYPE_CHECKING:
    from utterly.isolation.shared_memory import SharedMemory
    from utterly.plugins.entries import Entry


@dataclass(frozen=True, slots=True)
class Launch:
    """An engine to be run in a process of its own.

    Attributes:
        engine: Configured name.
        entry: The plugin.
        layers: What is said of its settings, the strongest place first; not yet checked.
        settings: Those that every engine has.
        import_seconds: Longest time the plugin may take to be imported and described.
    """

    engine: str
    entry: Entry
    layers: tuple[SettingsLayer, ...]
    settings: IsolationSettings
    import_seconds: float

    def setup(self, memory: SharedMemory, size: int, cores: tuple[int, ...]) -> Setup:
        """The first message to the process."""
        entry = self.entry
        return Setup(
            (entry.kind.name, entry.name, entry.distribution, entry.value),
            self.engine,
            tuple((dict(layer.values), dict(layer.sources)) for layer in self.layers),
            memory.handle,
            size,
            os.getpid(),
            cores,
            min(logging.getLogger(name).getEffectiveLevel() for name in ("", "utterly")),
        )

    def merged(self) -> Mapping[str, Any]:
        """The value that holds of each of the plugin's settings, of those that somebody set."""
        values: dict[str, Any] = {}
        for layer in reversed(self.layers):
            values.update(layer.values)
        return values

    def fingerprint(self) -> str | None:
        """What tells these settings from others without giving them away; `None` for none."""
        values = self.merged()
        return hashlib.sha256(encode(sorted(values.items()))).hexdigest() if values else None
