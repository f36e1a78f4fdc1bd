"""The engines of one request: opened when their turn comes, asked as their health allows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

from utterly.cancellation import Cancellation
from utterly.engine.session import EngineSession
from utterly.errors import (
    EngineError,
    EngineUnavailableError,
    OutOfMemoryError,
    RequestCancelledError,
    StillPreparingError,
    UnsupportedError,
)
from utterly.events import EngineHealthChanged, Event
from utterly.health_book import HealthBook, HealthChange
from utterly.policy import Policy
from utterly.speech import Stage

_SPEAKING = ("first_audio", "streaming", "verify")
"""Stages in which it is the engine that says what it cannot do, not we who know it beforehand."""


_LOOK_SECONDS = 0.05
_MOST_ARRIVALS = 2
"""How often a model is waited for on average: one that did not come may be tried once more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine whose turn it is.

    Attributes:
        engine: Configured name.
        last_resort: Whether its circuit is open and it is asked only for want of anybody else.
        on_trial: Whether its circuit was open until now, and this segment shows if it is well.
    """

    engine: str
    last_resort: bool = False
    on_trial: bool = False

    @property
    def unwell(self) -> bool:
        """Whether it failed a moment ago, and is asked once."""
        return self.last_resort or self.on_trial


class Lineup:
    """Knows whom to ask, and keeps everybody's health up to date.

    Args:
        open_session: Gives the session of a name; raises `EngineError` where there can be none.
        book: The health of all engines of the process.
        policy: The caller's.
        emit: Told every change of health.
        cancellation: Of the request.
    """

    def __init__(
        self,
        open_session: Callable[[str], EngineSession],
        book: HealthBook,
        policy: Policy,
        emit: Callable[[Event], None],
        cancellation: Cancellation,
    ) -> None:
        self._open_session = open_session
        self._book = book
        self._policy = policy
        self._emit = emit
        self._cancellation = cancellation
        self._arriving: list[str] = []
        self._sessions: dict[str, EngineSession] = {}
        self._in_use: dict[str, ExitStack] = {}

    def close(self) -> None:
        """The request is over: the engines are no longer in use."""
        for engine in tuple(self._in_use):
            self._in_use.pop(engine).close()

    def session(self, engine: str) -> EngineSession:
        """An engine's session, in use until the request is over.

        Raises:
            EngineUnavailableError: There can be none.
        """
        session = self._sessions.get(engine)
        if session is None:
            session = self._sessions[engine] = self._open_session(engine)
        if engine not in self._in_use:
            use = ExitStack()
            use.enter_context(session.in_use())
            self._in_use[engine] = use
        return session

    def candidates(self, order: Sequence[str]) -> Generator[Candidate, None, None]:
        """Whom to ask, in order: the healthy first, then the others rather than nobody.

        At last come those whose model was still on its way, each when it is there.

        An engine that is let through for a trial occupies that until the next is asked for.
        """
        refused: list[str] = []
        self._arriving.clear()
        for engine in order:
            admission = self._enter(engine)
            if admission == "refused":
                refused.append(engine)
                continue
            try:
                yield Candidate(engine, on_trial=admission == "trial")
            finally:
                if admission == "trial":
                    self._book.leave(self._sessions[engine].health_key)
        yield from (Candidate(engine, last_resort=True) for engine in refused)
        for _ in range(_MOST_ARRIVALS * len(order)):
            if self._arriving:
                yield Candidate(self._await_arrival())

    def following(self, order: Sequence[str], tried: Sequence[str]) -> str:
        """Who would be asked next, as far as is known; empty where nobody is left."""
        left = [engine for engine in order if engine not in tried] or self._arriving
        healthy = (engine for engine in left if self._looks_healthy(engine))
        return next(healthy, left[0] if left else "")

    def kind(self, engine: str) -> Literal["local", "cloud"]:
        """Whether an engine is local, as is supposed of one that cannot even be opened."""
        session = self._sessions.get(engine)
        return session.info.kind if session else "local"

    def others_healthy(self, engine: str, chain: Sequence[str]) -> bool:
        """Whether another engine could speak now, as far as is known."""
        return any(other != engine and self._looks_healthy(other) for other in chain)

    def check(self, candidate: Candidate, voice: str) -> None:
        """Refuse what is known to fail, before the engine is asked.

        Raises:
            EngineUnavailableError: The engine is disabled until the user mends something.
            UnsupportedError: The voice could not be had a moment ago.
        """
        key = self._sessions[candidate.engine].health_key
        health = self._book.look(key)
        if health.state == "disabled":
            raise EngineUnavailableError("disabled", mend=health.mend)
        if not candidate.last_resort and self._book.state((*key, voice)) == "open":
            raise UnsupportedError(f"voice {voice!r} could not be had a moment ago")

    def succeed(self, engine: str, voice: str) -> None:
        """An engine spoke a segment."""
        key = self._sessions[engine].health_key
        self._tell(engine, self._book.succeed(key))
        self._book.succeed((*key, voice))

    def fail(self, engine: str, voice: str, stage: Stage, error: EngineError) -> None:
        """An engine was asked, and failed in a stage."""
        key = self._sessions[engine].health_key
        if isinstance(error, StillPreparingError):
            self._arriving.append(engine)
        if isinstance(error, UnsupportedError) and stage in _SPEAKING:
            self._book.fail_voice((*key, voice), error, self._policy)
        if isinstance(error, OutOfMemoryError):
            self._sessions[engine].discard_model()
            self._in_use.pop(engine).close()
        self._tell(engine, self._book.fail(key, error, self._policy))

    def _await_arrival(self) -> str:
        """Wait for the first model that is there, or will not come."""
        while True:
            for engine in self._arriving:
                if not self._sessions[engine].arrival.is_under_way:
                    self._arriving.remove(engine)
                    return engine
            if self._cancellation.wait(_LOOK_SECONDS):
                raise RequestCancelledError("cancelled")

    def _enter(self, engine: str) -> str:
        try:
            return self._book.enter(self.session(engine).health_key)
        except EngineUnavailableError:
            return "healthy"  # its attempt will tell what is wrong

    def _looks_healthy(self, engine: str) -> bool:
        session = self._sessions.get(engine)
        return session is None or self._book.is_healthy(session.health_key)

    def _tell(self, engine: str, change: HealthChange) -> None:
        if change.before.state == change.after.state:
            return
        after = change.after
        self._emit(EngineHealthChanged(engine, after.state, change.seconds, after.mend))
