"""Where a plugin comes from, and how its faults are put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from utterly.errors import PluginError
from utterly.hookspecs import EngineSpecs, ExtensionSpecs

KindName = Literal["engine", "extension"]

LONGEST_LINE = 300


class Fault(NamedTuple):
    """Why a plugin is refused, and what to do about it, each in one line."""

    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What is particular to engines, and what to extensions.

    Attributes:
        name: What one of them is called.
        group: The entry-point group.
        specs: The class that holds the hook specifications.
        required: Hooks that each of them must have.
        may_be_async: Hooks that may be `async def`.
    """

    name: KindName
    group: str
    specs: type
    required: tuple[str, ...]
    may_be_async: tuple[str, ...]

    def hooks(self) -> tuple[str, ...]:
        """The names of the hooks."""
        return tuple(name for name, value in vars(self.specs).items() if callable(value))


ENGINE = Kind(
    name="engine",
    group="utterly.engines",
    specs=EngineSpecs,
    required=("describe", "synthesize"),
    may_be_async=("voices", "ensure_model", "remove_model", "load", "synthesize", "unload"),
)
EXTENSION = Kind(
    name="extension",
    group="utterly.extensions",
    specs=ExtensionSpecs,
    required=(),
    may_be_async=(),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (ENGINE, EXTENSION)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Which plugin it is, and who brought it.

    Attributes:
        kind: Engine or extension.
        name: The plugin's name.
        distribution: Name and version, such as `"utterly-espeak 0.1.0"`; empty for a plugin that
            was registered by code.
    """

    kind: Kind
    name: str
    distribution: str = ""

    @property
    def project(self) -> str:
        """The distribution's name without its version."""
        return self.distribution.partition(" ")[0]

    def refuse(self, fault: Fault) -> PluginError:
        """Put a fault of this plugin into an error of one line."""
        return PluginError(
            self.name, self.distribution, one_line(fault.reason), one_line(fault.mend)
        )

    def reinstall(self) -> str:
        """The mend where files are missing."""
        if not self.project:
            return "install what is missing"
        return f"pip install --force-reinstall {self.project}"

    def update_or_disable(self) -> str:
        """The mend where only the plugin's author can help."""
        if not self.project:
            return "correct the plugin"
        return (
            f"pip install --upgrade {self.project}, or turn it off with UTTERLY_DISABLE={self.name}"
        )


def one_line(text: str) -> str:
    """Text that cannot disturb a terminal: one line, printable, of bounded length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"
