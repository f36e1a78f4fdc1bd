"""An imported target and its marked functions, before anything is decided."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from utterly.plugins.origin import Kind

if TYPE_CHECKING:
    import pluggy


@dataclass(frozen=True, slots=True)
class Implementation:
    """One function of a plugin that is marked as a hook."""

    hook: str
    function: Callable[..., Any]
    options: dict[str, Any]

    def parameters(self) -> list[inspect.Parameter]:
        """The parameters, without `self`."""
        return list(inspect.signature(self.function).parameters.values())


@dataclass(frozen=True, slots=True)
class Candidate:
    """An imported target that wants to be a plugin."""

    kind: Kind
    target: Any
    implementations: tuple[Implementation, ...]

    @classmethod
    def read(cls, kind: Kind, target: Any, manager: pluggy.PluginManager) -> Candidate:
        """Find the marked functions, as pluggy will find them."""
        found = []
        for attribute in dir(target):
            options = manager.parse_hookimpl_opts(target, attribute)
            if options is not None:
                hook = options.get("specname") or attribute
                found.append(Implementation(hook, getattr(target, attribute), dict(options)))
        return cls(kind, target, tuple(found))

    def lacks(self, hook: str) -> bool:
        """Whether no marked function implements the hook."""
        return hook not in {implementation.hook for implementation in self.implementations}
