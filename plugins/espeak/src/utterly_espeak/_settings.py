"""What a user may set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SLOWEST = 80
FASTEST = 450
"""Words per minute between which the library speaks (`espeakRATE_MINIMUM`, `_MAXIMUM`)."""


@dataclass(frozen=True, slots=True)
class EspeakSettings:
    """Settings of the engine.

    Attributes:
        words_per_minute: How fast speed 1 is, 80 to 450.
        variant: Speaks where a voice is named without one, such as `"f3"`.
        library: The shared library; found by itself where left out.
        data: The folder `espeak-ng-data`; the library's own where left out.

    Raises:
        ValueError: `words_per_minute` is out of range.
    """

    words_per_minute: int = 175
    variant: str = ""
    library: Path | None = None
    data: Path | None = None

    def __post_init__(self) -> None:
        if not SLOWEST <= self.words_per_minute <= FASTEST:
            raise ValueError(
                f"words_per_minute must be {SLOWEST} to {FASTEST}, not {self.words_per_minute}"
            )
