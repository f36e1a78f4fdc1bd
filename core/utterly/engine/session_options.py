"""How the engines of a speaker are run."""

from __future__ import annotations

from dataclasses import dataclass, field

from utterly.engine.model import UnloadPolicy
from utterly.policy import Policy


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How a speaker wants its engines run.

    Attributes:
        unload: When a model that nobody uses is given back.
        idle_seconds: How long `"idle"` waits.
        offline: Handed to every hook.
        policy: How long to wait for it.
    """

    unload: UnloadPolicy = "idle"
    idle_seconds: float = 300.0
    offline: bool = False
    policy: Policy = field(default_factory=Policy)
