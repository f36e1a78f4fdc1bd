"""What an engine says of itself: static facts and its voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

LOWEST_SAMPLE_RATE = 8_000
HIGHEST_SAMPLE_RATE = 192_000


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Static facts, known without disk, network or a heavy import.

    Attributes:
        title: Name for people, such as `"eSpeak NG"`.
        kind: `"local"` when text stays on this machine, `"cloud"` when it leaves it.
        languages: BCP 47 tags, best first; `"en"` covers every English.
        sample_rate: Native rate in Hz.
        features: Which of `utterly.request.FEATURES` the engine has.
        longest_segment: Most characters the engine takes at once, `None` for no limit.
        concurrency: How many segments it speaks at the same time.
        settings: Frozen dataclass of the engine's settings, every field with a default.
        licence: SPDX expression of the plugin itself.
        runtime_licences: SPDX expressions of what runs with it, such as the library and the model.
        streams: Whether audio comes while the rest of the segment is still being made. An engine
            that does not stream is given time for the whole segment before it counts as hung.
        model_size: Bytes of the files that `ensure_model` fetches, about; `None` where there are
            none, or nobody knows.
        environment: Environment variables that the engine's library reads when it is loaded. Core
            sets those that are not set before it calls any hook but `describe`.
        recommended_isolation: `"process"` where a program that runs for long does better with the
            engine in a process of its own; `utterly doctor` says so.

    Raises:
        ValueError: A value that no engine can have; the message says which.
    """

    title: str
    kind: Literal["local", "cloud"]
    languages: tuple[str, ...]
    sample_rate: int
    features: tuple[str, ...] = ()
    longest_segment: int | None = None
    concurrency: int = 1
    settings: type[Any] | None = None
    licence: str = ""
    runtime_licences: tuple[str, ...] = ()
    streams: bool = False
    model_size: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    recommended_isolation: Literal["none", "process"] = "none"

    def __post_init__(self) -> None:
        if self.kind not in ("local", "cloud"):
            raise ValueError(f"kind must be 'local' or 'cloud', not {self.kind!r}")
        for name in ("languages", "features", "runtime_licences"):
            if isinstance(getattr(self, name), str):
                raise ValueError(  # noqa: TRY004  # one class for whatever is wrong with a fact
                    f"{name} must be a tuple of strings, not one string"
                )
        if not self.languages:
            raise ValueError("languages must name at least one language")
        if not LOWEST_SAMPLE_RATE <= self.sample_rate <= HIGHEST_SAMPLE_RATE:
            raise ValueError(
                f"sample_rate must be {LOWEST_SAMPLE_RATE} to {HIGHEST_SAMPLE_RATE} Hz,"
                f" not {self.sample_rate!r}"
            )
        if self.concurrency < 1:
            raise ValueError(f"concurrency must be at least 1, not {self.concurrency!r}")


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker of one engine.

    The first voice in an engine's list that speaks a language is its default for that language.

    Attributes:
        id: The engine's own identifier; callers write `engine:id`.
        languages: BCP 47 tags, best first.
        name: Name for people; the id where empty.
        gender: `"female"`, `"male"`, or empty where it has none or is not known.
        licence: SPDX expression, where it differs from the engine's.
        engine: Configured name of its engine; filled in by core, never by plugins.
    """

    id: str
    languages: tuple[str, ...]
    name: str = ""
    gender: str = ""
    licence: str = ""
    engine: str = ""

    @property
    def reference(self) -> str:
        """What to write to have this voice: `engine:id`."""
        return f"{self.engine}:{self.id}"
