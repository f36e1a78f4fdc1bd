"""The health of an engine, as a value: what a failure or a success makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from utterly.decisions import vary
from utterly.errors import EngineError, EngineUnavailableError
from utterly.events import HealthState
from utterly.policy import Policy
from utterly.reactions import Effect, seconds_asked_for


@dataclass(frozen=True, slots=True)
class Health:
    """How an engine is doing.

    Attributes:
        state: `"closed"` lets everything through, `"open"` nothing until `until`, `"half_open"`
            is letting one segment try, `"disabled"` waits for the user.
        until: When an open circuit lets a trial through, on the clock that was passed in.
        open_seconds: How long it opened the last time, 0 before the first.
        failures: When the counted failures were.
        mend: What to do about a disabled engine.
    """

    state: HealthState = "closed"
    until: float = 0.0
    open_seconds: float = 0.0
    failures: tuple[float, ...] = ()
    mend: str = ""

    def at(self, now: float) -> HealthState:
        """The state as of now: an open circuit whose time is up is ready for a trial."""
        return "half_open" if self.state == "open" and now >= self.until else self.state

    def begin_trial(self) -> Health:
        """One segment is let through to see."""
        return replace(self, state="half_open")

    def end_trial(self) -> Health:
        """The trial ended without saying anything about the engine; the next one may try."""
        return replace(self, state="open") if self.state == "half_open" else self

    def invite(self, now: float) -> Health:
        """Somebody saw to it: it need not wait any longer for its trial."""
        return replace(self, until=min(self.until, now)) if self.state == "open" else self

    def succeed(self) -> Health:
        """It spoke."""
        return self if self.state == "closed" else Health()

    def fail(
        self, error: EngineError, effect: Effect, now: float, policy: Policy, chance: float
    ) -> Health:
        """It failed.

        Args:
            error: How.
            effect: What that class of failure does.
            now: The time, on any clock that only goes forward.
            policy: How much it takes.
            chance: A random number from 0 to 1, for the jitter.
        """
        if effect == "disabled":
            mend = error.mend if isinstance(error, EngineUnavailableError) else ""
            return Health("disabled", mend=mend or str(error))
        if effect not in ("counted", "open"):
            return self.end_trial()
        if self.state == "disabled":  # a call that began before: only the user can mend it
            return self
        asked_for = seconds_asked_for(error)
        if self.at(now) == "open":  # tried for want of anybody else: that it is ill is known
            return replace(self, until=max(self.until, now + (asked_for or 0.0)))
        failures = (*(t for t in self.failures if now - t < policy.counted_seconds), now)
        enough = len(failures) >= policy.counted_failures
        if effect == "open" or enough or self.at(now) == "half_open":
            return self._open(asked_for, now, policy, chance)
        return replace(self, failures=failures)

    def _open(self, asked_for: float | None, now: float, policy: Policy, chance: float) -> Health:
        seconds = min(self.open_seconds * 2 or policy.open_seconds, policy.longest_open_seconds)
        lasts = vary(seconds, chance) if asked_for is None else asked_for
        return Health("open", until=now + lasts, open_seconds=seconds)
