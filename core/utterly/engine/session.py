"""One engine of one speaker: its plugin, its settings, its model, and who is speaking with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from utterly.cancellation import Cancellation
from utterly.context import Context
from utterly.engine.calls import Call
from utterly.engine.checks import check_audio, check_complete, expected_duration
from utterly.engine.deadlines import AudioLimit, Deadline
from utterly.engine.faults import name_error
from utterly.engine.model import Loading, SharedModel, UnloadPolicy
from utterly.engine.slots import Slots
from utterly.engine.speed import RealTimeFactor
from utterly.engine_info import Voice
from utterly.errors import EngineError
from utterly.events import (
    EngineLoaded,
    EngineLoading,
    EnginePrepared,
    EnginePreparing,
    EngineProgress,
    EngineUnloaded,
    EngineUnloadFailed,
    EngineUnloading,
    Event,
)
from utterly.policy import Policy
from utterly.settings import FilledSettings
from utterly.speech import Stage

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.engine.loop import EngineLoop
    from utterly.plugins import EnginePlugin
    from utterly.request import SpeechRequest


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


class EngineSession:
    """Runs the hooks of one configured engine; whatever they do, only `EngineError` comes out.

    Args:
        name: The configured name.
        plugin: The engine's plugin.
        settings: Filled in.
        options: How to run it.
        emit: Told every event of the engine's life.
    """

    def __init__(
        self,
        name: str,
        plugin: EnginePlugin,
        settings: FilledSettings,
        options: SessionOptions,
        emit: Callable[[Event], None],
    ) -> None:
        self.name = name
        self.plugin = plugin
        self.settings = settings
        self._options = options
        self._emit = emit
        self._logger = logging.getLogger(f"utterly.engines.{name}")
        self._model = SharedModel(
            self._load,
            self._unload,
            policy=options.unload,
            idle_seconds=options.idle_seconds,
        )
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork."""
        self._slots = Slots(self.plugin.info.concurrency)
        self._loop_lock = Lock()
        self._loop: EngineLoop | None = None
        self._voices: tuple[Voice, ...] | None = None
        self._speed = RealTimeFactor()
        self._abandoned = 0
        self._model.forget()

    @property
    def health_key(self) -> tuple[Hashable, ...]:
        """What the engine's health is kept by: its name and its settings."""
        settings = self.settings.value
        try:
            hash(settings)
        except TypeError:  # a plugin may have a field that cannot be hashed
            settings = repr(settings)
        return (self.name, self.plugin.name, settings)

    @property
    def offline(self) -> bool:
        """Whether the engine may connect to no address beyond loopback."""
        return self._options.offline

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the model, once loaded, for the length of the block.

        Raises:
            ClosedError: The speaker was closed.
        """
        self._model.hold()
        try:
            yield
        finally:
            self._model.release()
            if self._options.unload == "after-request":
                self._model.wait_until_unloaded(self._options.policy.unload_seconds)

    def voices(self, *, refresh: bool = False) -> tuple[Voice, ...]:
        """The engine's voices, `default` alone where it lists none.

        Raises:
            EngineError: The hook failed.
        """
        if self._voices is None or refresh:
            self._voices = self._list_voices(refresh)
        return self._voices

    def speak(
        self,
        segment: int,
        request: SpeechRequest,
        cancellation: Cancellation,
        on_stage: Callable[[Stage], None],
    ) -> Iterator[AudioChunk]:
        """Speak one segment, loading the model if need be; the engine is in use.

        Args:
            segment: Its index.
            request: What to speak.
            cancellation: Stops it wherever it is.
            on_stage: Told each stage as it begins.

        Raises:
            EngineError: Loading or speaking failed, or what came is not all of it.
            RequestCancelledError: It was cancelled.
        """
        with cancellation.branch() as own:
            call = self._start_synthesis(request, own, on_stage)
            limit = AudioLimit(self._options.policy, self.plugin.info.kind, self._silence(request))
            chunks: list[AudioChunk] = []
            for audio in call.items(limit):
                limit.note_audio()
                on_stage("streaming")
                rate = chunks[0].sample_rate if chunks else None
                chunk = check_audio(audio, segment=segment, engine=self.name, sample_rate=rate)
                chunks.append(chunk)
                yield chunk
            on_stage("verify")
            check_complete(chunks, request.text, request.speed)
            self._speed.note(call.seconds, sum(chunk.duration for chunk in chunks))

    def prepare(self, cancellation: Cancellation) -> None:
        """Have the model in memory; the engine is in use.

        Raises:
            EngineError: Preparing or loading failed.
        """
        self._model.get(cancellation, self._options.policy, lambda _stage: None)

    def close(self, deadline: float) -> bool:
        """Give the model back as soon as nobody uses it; wait until `deadline` for that."""
        at_rest = self._model.close(deadline)
        if at_rest and self._loop is not None:
            self._loop.close()
            self._loop = None
        return at_rest

    def _start_synthesis(
        self, request: SpeechRequest, cancellation: Cancellation, on_stage: Callable[[Stage], None]
    ) -> Call:
        """Wait for a turn and for the model, then call the hook."""
        on_stage("queue")
        policy = self._options.policy
        self._slots.take(cancellation, Deadline.after("queue", policy.queue_seconds))
        try:
            model = self._model.get(cancellation, policy, on_stage)
            self._model.hold()
        except BaseException:
            self._slots.give_back()
            raise
        on_stage("first_audio")
        return self._start(
            "synthesize",
            cancellation,
            Context(offline=self._options.offline, logger=self._logger, _cancellation=cancellation),
            yields=True,
            knows_text=True,
            on_end=self._end_synthesis,
            model=model,
            request=request,
        )

    def _silence(self, request: SpeechRequest) -> float:
        """Seconds that the engine is expected to be silent while it makes the whole segment."""
        if self.plugin.info.streams:
            return 0.0
        return expected_duration(request.text, request.speed) * self._speed.factor

    def _end_synthesis(self) -> None:
        self._slots.give_back()
        self._model.release()

    def _list_voices(self, refresh: bool) -> tuple[Voice, ...]:
        if not self.plugin.has("voices"):
            info = self.plugin.info
            return (Voice("default", info.languages, info.title, engine=self.name),)
        context = Context(offline=self._options.offline, refresh=refresh, logger=self._logger)
        with Cancellation().branch() as own:
            call = self._start("voices", own, context, yields=True)
            deadline = Deadline.after("ensure_model", self._options.policy.prepare_seconds)
            listed = tuple(call.items(lambda: deadline))
        return tuple(replace(voice, engine=self.name) for voice in listed)

    def _load(self, loading: Loading) -> Any:
        """Prepare, then load; on a thread of ours."""
        context = Context(
            offline=self._options.offline,
            logger=self._logger,
            _cancellation=loading.cancellation,
            _report=partial(self._report_progress, loading),
        )
        model_files: Any = None
        if self.plugin.has("ensure_model"):
            self._emit(EnginePreparing(self.name))
            began = monotonic()
            model_files = self._start("ensure_model", loading.cancellation, context).result()
            self._emit(EnginePrepared(self.name, monotonic() - began))
        loading.enter("load")
        if not self.plugin.has("load"):
            return None
        self._emit(EngineLoading(self.name))
        began = monotonic()
        call = self._start("load", loading.cancellation, context, model_files=model_files)
        model = call.result()
        self._emit(EngineLoaded(self.name, monotonic() - began))
        return model

    def _unload(self, model: Any) -> None:
        """Give the model back; a failure is reported, never raised."""
        if not self.plugin.has("load") or not self.plugin.has("unload"):
            return
        self._emit(EngineUnloading(self.name))
        began = monotonic()
        context = Context(offline=self._options.offline, logger=self._logger)
        try:
            self._start("unload", Cancellation(), context, model=model).result()
        except EngineError as error:
            self._emit(EngineUnloadFailed(self.name, name_error(error), str(error)))
        else:
            self._emit(EngineUnloaded(self.name, monotonic() - began))

    def _report_progress(
        self, loading: Loading, done: float, total: float | None, note: str
    ) -> None:
        loading.progress()
        self._emit(EngineProgress(self.name, done, total, note))

    def _start(
        self,
        hook: str,
        cancellation: Cancellation,
        context: Context,
        *,
        yields: bool = False,
        knows_text: bool = False,
        on_end: Callable[[], None] = lambda: None,
        **arguments: Any,
    ) -> Call:
        call = Call(
            lambda: self.plugin.call(
                hook,
                engine=self.name,
                settings=self.settings.value,
                context=context,
                **arguments,
            ),
            loop=self._engine_loop,
            cancellation=cancellation,
            yields=yields,
            knows_text=knows_text,
            on_end=on_end,
        )
        return call.start(is_async=self.plugin.is_async(hook))

    def _engine_loop(self) -> EngineLoop:
        with self._loop_lock:
            if self._loop is None:
                from utterly.engine.loop import EngineLoop

                self._loop = EngineLoop(self.name)
            return self._loop
