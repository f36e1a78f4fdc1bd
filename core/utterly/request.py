"""What an engine is asked to speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a segment stands in the text that the caller gave.

    Attributes:
        text: The original characters, before any clean-up.
        start: Offset of the first one in the caller's text.
        end: Offset after the last one.
    """

    text: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """One segment to speak, and how.

    Every field after the first four is the name of a feature: a value other than its default is
    only ever sent to an engine that lists the feature in its `EngineInfo`.

    Attributes:
        text: What to speak: never blank, one sentence or a few short ones.
        source: The original text and its offsets.
        voice: The engine's own voice id; `"default"` where the engine lists no voices.
        language: BCP 47 tag such as `"en"` or `"pt-BR"`.
        speed: Factor, 0.5 to 2; 2 is twice as fast.
        pitch: Semitones up or down, -12 to 12.
        volume: Factor, 0 to 2; 1 leaves the voice as it is.
        style: How to speak, in words (`"whispering"`).
        seed: Makes an engine that draws lots repeat itself.
        options: Anything particular to one engine.
    """

    text: str
    source: Source = field(default_factory=Source)
    voice: str = "default"
    language: str = "en"
    speed: float = 1.0
    pitch: float = 0.0
    volume: float = 1.0
    style: str | None = None
    seed: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def asked_features(self) -> tuple[str, ...]:
        """Names of the features whose value is not the default."""
        values = _values_of(self)
        if values == _DEFAULTS:
            return ()
        pairs = zip(FEATURES, values, _DEFAULTS, strict=True)
        return tuple(name for name, value, default in pairs if value != default)


FEATURES: tuple[str, ...] = tuple(entry.name for entry in fields(SpeechRequest))[4:]
"""Every feature an engine may list, in the order of the fields."""

_values_of = attrgetter(*FEATURES)
_DEFAULTS = _values_of(SpeechRequest(""))
