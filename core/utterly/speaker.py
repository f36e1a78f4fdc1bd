"""`Speaker`: a chain of engines with its loaded models, shared between threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import Any, Self, get_args

from utterly import process
from utterly.cancellation import Cancellation
from utterly.chain import parse_engines, resolve_chain
from utterly.engine.model import UnloadPolicy
from utterly.engine.session import SessionOptions
from utterly.engine_info import Voice
from utterly.errors import ClosedError, EngineError, InvalidRequestError
from utterly.events import Event
from utterly.observers import Observers
from utterly.orchestrator import Orchestrator
from utterly.policy import Policy
from utterly.request import SpeechRequest
from utterly.sessions import Sessions
from utterly.speech import Speech
from utterly.text import split_segments
from utterly.voices import VoiceChoice, find_voice
from utterly.wishes import Wishes

DEFAULT_LANGUAGE = "en"
CLOSE_SECONDS = 2.0
"""How long closing waits for what is still running."""


class Speaker:
    """Speaks through a chain of engines; what it loads is shared between all its threads.

    Use it as a context manager, or call `close()`.

    Args:
        engines: Configured names, first choice first, also as `"a,b"`; by default `kokoro`, then
            `espeak`, as installed.
        voice: `engine:id`, or an id that one engine of the chain has.
        language: BCP 47 tag; by default the voice's, else English.
        settings: Settings of engines, by configured name, then by field.
        policy: What is done about failures.
        unload: When a model is given back: `"after-request"`, `"idle"` or `"never"`.
        idle_seconds: How long `"idle"` waits.
        strict: Never let another engine than the first stand in.
        offline: Connect to no address beyond loopback; cloud engines are not tried.
        extensions: Names of extensions to run, the first outermost.
        on_event: Called with every event, from several threads.

    Raises:
        InvalidRequestError: An argument that cannot be right.
        PluginError: An extension that cannot be used.
    """

    def __init__(
        self,
        engines: str | Iterable[str] | None = None,
        voice: str | None = None,
        *,
        language: str | None = None,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        policy: Policy | None = None,
        unload: UnloadPolicy = "idle",
        idle_seconds: float = 300.0,
        strict: bool = False,
        offline: bool = False,
        extensions: Sequence[str] = (),
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        from utterly.plugins import installed_plugins

        if unload not in get_args(UnloadPolicy):
            choices = ", ".join(get_args(UnloadPolicy))
            raise InvalidRequestError(f"unload must be one of {choices}, not {unload!r}")
        plugins = installed_plugins()
        self._engines = parse_engines(engines or ())
        self._voice = voice
        self._language = language
        self._policy = policy or Policy()
        self._strict = strict
        self._extensions = [plugins.extension(name) for name in extensions]
        observers = [
            (extension.name, lambda event, e=extension: e.call("on_event", event=event))
            for extension in self._extensions
            if extension.has("on_event")
        ]
        self._observers = Observers([*observers, *([("on_event", on_event)] if on_event else [])])
        self._sessions = Sessions(
            plugins,
            settings or {},
            SessionOptions(unload, idle_seconds, offline),
            self._observers.notify,
        )
        self._closed = False
        self.forget()
        process.register(self)

    def forget(self) -> None:
        """Begin anew in the child of a fork."""
        self._lock = Lock()
        self._running: set[Cancellation] = set()
        self._sessions.forget()

    def say(
        self,
        text: str,
        *,
        voice: str | None = None,
        language: str | None = None,
        speed: float = 1.0,
        pitch: float = 0.0,
        volume: float = 1.0,
        style: str | None = None,
        seed: int | None = None,
        engines: str | Iterable[str] | None = None,
    ) -> Speech:
        """Speak text; every sentence is in the result exactly once, in order.

        Args:
            text: Any length; blank text gives speech without audio.
            voice: Instead of the speaker's.
            language: Instead of the speaker's.
            speed: Factor, 0.5 to 2.
            pitch: Semitones, -12 to 12.
            volume: Factor, 0 to 2.
            style: How to speak, in words.
            seed: Makes an engine that draws lots repeat itself.
            engines: Instead of the speaker's.

        Raises:
            InvalidRequestError: An argument that cannot be right; nothing was tried.
            AllEnginesFailedError: No engine could speak a segment.
            NoEngineError: Nothing is installed to speak with.
            ClosedError: The speaker is closed, or was meanwhile.
        """
        with self._request() as cancellation:
            chain, choice = self._resolve(engines, voice)
            language = language or self._language or self._language_of(choice)
            template = SpeechRequest(
                "",
                language=language,
                speed=speed,
                pitch=pitch,
                volume=volume,
                style=style,
                seed=seed,
            )
            orchestrator = Orchestrator(
                chain[:1] if self._strict else chain,
                open_session=self._sessions.open,
                wishes=Wishes(choice, template),
                policy=self._policy,
                extensions=self._extensions,
                emit=self._observers.notify,
                cancellation=cancellation,
            )
            return orchestrator.speak(split_segments(text, language))

    def prepare(self, engines: str | Iterable[str] | None = None) -> None:
        """Download and load now, so that the first words come sooner.

        Args:
            engines: Which; by default the first choice.

        Raises:
            EngineError: An engine cannot be prepared.
        """
        with self._request() as cancellation:
            chain, _ = self._resolve(engines, None)
            for name in chain if engines else chain[:1]:
                session = self._sessions.open(name)
                with session.in_use():
                    session.prepare(cancellation)

    def voices(self, engine: str) -> tuple[Voice, ...]:
        """The voices of one engine.

        Raises:
            EngineError: It cannot list them.
        """
        return self._sessions.open(engine).voices()

    def close(self) -> None:
        """Cancel what is running, give the models back, and speak no more.

        Waits two seconds at most; a model that an engine will not let go of is given back as soon
        as it does.
        """
        with self._lock:
            self._closed = True
            running = tuple(self._running)
        for cancellation in running:
            cancellation.set()
        self._sessions.close(monotonic() + CLOSE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _request(self) -> Iterator[Cancellation]:
        """Count a request as running, so that closing can cancel it."""
        cancellation = Cancellation()
        with self._lock:
            if self._closed:
                raise ClosedError("the speaker is closed; make a new one")
            self._running.add(cancellation)
        try:
            yield cancellation
        finally:
            with self._lock:
                self._running.discard(cancellation)

    def _resolve(
        self, engines: str | Iterable[str] | None, voice: str | None
    ) -> tuple[tuple[str, ...], VoiceChoice]:
        """Who is tried, and which voice was chosen."""
        voice = voice or self._voice
        choice = VoiceChoice.parse(voice) if voice else VoiceChoice()
        named = parse_engines(engines) if engines else self._engines
        chain = resolve_chain(
            named, self._sessions.installed, self._sessions.configured, choice.engine
        )
        self._sessions.check_arguments(chain)
        if choice.id and not choice.engine:
            choice = find_voice(choice.id, {name: self._voices_or_none(name) for name in chain})
        return chain, choice

    def _voices_or_none(self, engine: str) -> tuple[Voice, ...]:
        """The voices of an engine; none of one that cannot list them."""
        try:
            return self.voices(engine)
        except EngineError:
            return ()

    def _language_of(self, choice: VoiceChoice) -> str:
        """The language of the chosen voice, where one was chosen and its engine lists it."""
        voices = self._voices_or_none(choice.engine) if choice.engine else ()
        chosen = (voice.languages[0] for voice in voices if voice.id == choice.id)
        return next(chosen, DEFAULT_LANGUAGE)
