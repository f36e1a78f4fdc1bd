"""Requests of one speaker: made from what the caller wrote, counted while they run, cancelled."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from utterly import process
from utterly.audio_file import check_output
from utterly.audio_formats import SAMPLE_RATE, find_format
from utterly.cancellation import Cancellation
from utterly.casting import Casting
from utterly.chain_facts import ChainFacts
from utterly.engine.session_options import SessionOptions
from utterly.engine_info import Voice
from utterly.errors import ClosedError
from utterly.events import Event
from utterly.extensions import Speak
from utterly.health_book import book
from utterly.narration import Narration
from utterly.observers import Observers
from utterly.orchestrator import Orchestrator
from utterly.plan import RequestPlan
from utterly.request import SpeechRequest
from utterly.resolution import Resolved, Resolver
from utterly.sessions import Sessions
from utterly.standing import Standing
from utterly.text_source import Text
from utterly.wishes import SpeechOptions, Wishes

if TYPE_CHECKING:
    from utterly.plugins import ExtensionPlugin, Plugins

CLOSE_SECONDS = 2.0
"""How long closing waits for what is still running."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a speaker was given for all its requests.

    Attributes:
        standing: Engines, voice, language and speed.
        strict: Whether nobody may stand in for the first engine.
        extensions: The first outermost.
    """

    standing: Standing
    strict: bool
    extensions: tuple[ExtensionPlugin, ...]


class Requests:
    """Makes requests, and knows which are running.

    Args:
        plugins: Where engines are found.
        defaults: For all requests.
        settings: Of engines, by configured name, then by field.
        options: How engines are run.
        observers: Told every event.

    Raises:
        SettingsError: The user's file cannot be read.
    """

    def __init__(
        self,
        plugins: Plugins,
        defaults: Defaults,
        settings: Mapping[str, Mapping[str, Any]],
        options: SessionOptions,
        observers: Observers,
    ) -> None:
        self._defaults = defaults
        self._options = options
        self._emit: Callable[[Event], None] = observers.notify
        self._sessions = Sessions(plugins, settings, options, self._emit)
        self._resolver = Resolver(defaults.standing, self._sessions, self._emit)
        self._facts: dict[tuple[str, ...], ChainFacts] = {}
        self._closed = False
        self.forget()
        process.register(self)

    def forget(self) -> None:
        """Begin anew in the child of a fork."""
        self._lock = Lock()
        self._running: set[Cancellation] = set()
        self._sessions.forget()

    @contextmanager
    def begin(
        self,
        options: SpeechOptions,
        *,
        text: Text,
        live: bool,
        cancellation: Cancellation | None = None,
        output: str | os.PathLike[str] | None = None,
        keep_audio: bool = True,
        fitting: Callable[[Speak], Speak] | None = None,
    ) -> Iterator[Narration]:
        """Make a request; it counts as running until the block ends.

        Args:
            options: How to speak.
            text: Tells the language, where it is there at once and nothing else does.
            live: Whether somebody listens while it is being spoken.
            cancellation: Stops it; by default only closing the speaker does.
            output: A file to write to while it is spoken.
            keep_audio: Whether the result has the samples, if they do not go to a file.
            fitting: As in `RequestPlan`; then the caller puts the audio together.

        Raises:
            OutputError: The file could not be written.
            InvalidRequestError: Something in it cannot be right.
            NoEngineError: Nothing is installed to speak with.
            ClosedError: The speaker is closed.
        """
        destination = None if output is None else check_output(output)
        with self._counted(cancellation or Cancellation()) as counted:
            plan = RequestPlan(
                number=next(_numbers),
                casting=self._cast(options, text),
                policy=self._options.policy,
                live=live,
                emit=self._emit,
                cancellation=counted,
                sample_rate=_rate_for(destination),
                keep_audio=keep_audio and destination is None and fitting is None,
                fitting=fitting,
            )
            orchestrator = Orchestrator(
                plan, open_session=self._sessions.open, extensions=self._defaults.extensions
            )
            yield Narration(plan, partial(self._cast_turn, options), orchestrator, destination)

    def prepare(
        self, engines: str | Iterable[str] | None, cancellation: Cancellation | None = None
    ) -> None:
        """Have models in memory: those of the named engines, else of the first choice.

        Raises:
            EngineError: An engine cannot be prepared.
        """
        with self._counted(cancellation or Cancellation()) as counted:
            chain = self._resolver.resolve({"engines": engines}).chain
            for name in chain if engines else chain[:1]:
                session = self._sessions.open(name)
                with session.in_use():
                    session.prepare(counted)
                # What it failed of may be gone: it is not left alone for longer.
                book.invite(session.health_key)

    def voices(self, engine: str, *, refresh: bool = False) -> tuple[Voice, ...]:
        """The voices of one engine.

        Args:
            engine: Configured name.
            refresh: Ask again, over the network if the engine does so.

        Raises:
            EngineError: It cannot list them.
        """
        return self._sessions.open(engine).voices(refresh=refresh)

    @property
    def personas(self) -> Collection[str]:
        """The names of all personas."""
        return self._defaults.standing.personas.keys()

    def close(self) -> None:
        """Cancel what is running and give the models back; wait two seconds at most."""
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        for cancellation in running:
            cancellation.set()
        self._sessions.close(monotonic() + CLOSE_SECONDS)

    def _cast_turn(self, options: SpeechOptions, voice: str | None, text: str) -> Casting:
        return self._cast({**options, "voice": voice or options.get("voice")}, text)

    def _cast(self, options: SpeechOptions, text: Text) -> Casting:
        """Settle who speaks, and how.

        Raises:
            InvalidRequestError: Something in it cannot be right.
            NoEngineError: Nothing is installed to speak with.
        """
        resolved = self._resolver.resolve(options)
        chain = resolved.chain[:1] if self._defaults.strict else resolved.chain
        facts = self._facts_of(chain)
        language = resolved.language or facts.choose_language(text)
        return Casting(chain, self._wishes(resolved, options, language), facts.longest_segment)

    def _facts_of(self, chain: tuple[str, ...]) -> ChainFacts:
        if chain not in self._facts:
            self._facts[chain] = ChainFacts.gather(chain, self._sessions.open)
        return self._facts[chain]

    def _wishes(self, resolved: Resolved, options: SpeechOptions, language: str) -> Wishes:
        template = SpeechRequest(
            "",
            language=language,
            speed=resolved.speed,
            pitch=options.get("pitch", 0.0),
            volume=options.get("volume", 1.0),
            style=options.get("style"),
            seed=options.get("seed"),
        )
        return Wishes(resolved.voice, template, resolved.optional)

    @contextmanager
    def _counted(self, cancellation: Cancellation) -> Iterator[Cancellation]:
        """Count as running, so that closing can cancel it."""
        with self._lock:
            if self._closed:
                raise ClosedError("the speaker is closed; make a new one")
            self._running.add(cancellation)
        try:
            yield cancellation
        finally:
            with self._lock:
                self._running.discard(cancellation)


def _rate_for(output: Path | None) -> int:
    """The sample rate of a result, in Hz: the usual one, if its file can have it."""
    return find_format(output).nearest_rate(SAMPLE_RATE) if output else SAMPLE_RATE
