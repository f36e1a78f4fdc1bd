"""The health of every engine of the process, shared by all its speakers."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Literal, TypeAlias

from utterly import process
from utterly.errors import EngineError
from utterly.events import HealthState
from utterly.health import Health
from utterly.policy import Policy
from utterly.reactions import reaction_to

HealthKey: TypeAlias = tuple[Hashable, ...]
"""An engine with its settings, or one voice of it."""


@dataclass(frozen=True, slots=True)
class HealthChange:
    """What one report made of an engine's health.

    Attributes:
        before: As it was.
        after: As it is.
        seconds: How long an open circuit stays open from now, else 0.
    """

    before: Health
    after: Health
    seconds: float = 0.0


HEALTHY = Health()
_STAYS_HEALTHY = HealthChange(HEALTHY, HEALTHY)


class HealthBook:
    """Keeps the health of engines; every method is one short step under a lock.

    Args:
        clock: Seconds, only ever going forward.
        chance: Random numbers from 0 to 1, for jitter.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._chance = chance
        self.forget()

    def forget(self) -> None:
        """Everybody is healthy again, as in the child of a fork."""
        self._lock = Lock()
        self._healths: dict[HealthKey, Health] = {}

    def close(self) -> None:
        """Nothing is held that would have to be given back."""

    def look(self, key: HealthKey) -> Health:
        """How an engine is doing."""
        return self._healths.get(key, HEALTHY)

    def is_healthy(self, key: HealthKey) -> bool:
        """Whether an engine would be let through without a trial."""
        return self.look(key).state == "closed"

    def state(self, key: HealthKey) -> HealthState:
        """The state as of now."""
        return self.look(key).at(self._clock())

    def enter(self, key: HealthKey) -> Literal["healthy", "trial", "refused"]:
        """Ask whether an engine may be tried.

        Returns:
            `"trial"` where it is let through to see how it does: nobody else is meanwhile, until
            `succeed`, `fail` or `leave` is reported.
        """
        with self._lock:
            health = self.look(key)
            if health.state == "open" and health.at(self._clock()) == "half_open":
                self._healths[key] = health.begin_trial()
                return "trial"
            return "healthy" if health.state == "closed" else "refused"

    def succeed(self, key: HealthKey) -> HealthChange:
        """An engine spoke."""
        if key not in self._healths:
            return _STAYS_HEALTHY
        return self._change(key, Health.succeed)

    def invite(self, key: HealthKey) -> HealthChange:
        """What the engine needs was seen to: the next segment may try it."""
        now = self._clock()
        return self._change(key, lambda health: health.invite(now))

    def leave(self, key: HealthKey) -> HealthChange:
        """An attempt ended without saying anything about the engine."""
        return self._change(key, Health.end_trial)

    def fail(self, key: HealthKey, error: EngineError, policy: Policy) -> HealthChange:
        """An engine failed."""
        effect = reaction_to(error).effect
        now, chance = self._clock(), self._chance()
        return self._change(key, lambda health: health.fail(error, effect, now, policy, chance))

    def fail_voice(self, key: HealthKey, error: EngineError, policy: Policy) -> HealthChange:
        """One voice of an engine cannot be had; the engine itself is as well as before."""
        now, chance = self._clock(), self._chance()
        return self._change(key, lambda health: health.fail(error, "open", now, policy, chance))

    def _change(self, key: HealthKey, step: Callable[[Health], Health]) -> HealthChange:
        with self._lock:
            before = self.look(key)
            after = step(before)
            if after == HEALTHY:
                self._healths.pop(key, None)
            else:
                self._healths[key] = after
        left = after.until - self._clock() if after.state == "open" else 0.0
        return HealthChange(before, after, max(0.0, left))


book = HealthBook()
"""The health of the engines of this process."""

process.register(book)
