"""One engine of one speaker: its plugin, its settings, its model, and who is speaking with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from utterly.cancellation import Cancellation
from utterly.engine.arrival import Arrival
from utterly.engine.calls import Call
from utterly.engine.checks import check_audio, check_complete
from utterly.engine.deadlines import AudioLimit, Deadline
from utterly.engine.faults import as_engine_error
from utterly.engine.hooks import EngineHooks
from utterly.engine.loader import ModelLoader
from utterly.engine.model import SharedModel
from utterly.engine.session_options import SessionOptions
from utterly.engine.slots import Slots
from utterly.engine.speed import RealTimeFactor
from utterly.engine.unresponsive import UnresponsiveCalls
from utterly.engine.voice_list import VoiceList
from utterly.engine_info import EngineInfo, Voice
from utterly.errors import StageTimeoutError
from utterly.events import Event
from utterly.settings import FilledSettings
from utterly.speech import Stage

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.plugins import Engine
    from utterly.request import SpeechRequest

_OnStage: TypeAlias = Callable[[Stage], None]


class EngineSession:
    """Runs the hooks of one configured engine; whatever they do, only `EngineError` comes out.

    Args:
        name: The configured name.
        plugin: What runs its hooks.
        settings: Filled in.
        options: How to run it.
        emit: Told every event of the engine's life.

    Attributes:
        arrival: The model's way into memory while nobody waits for it.
    """

    def __init__(
        self,
        name: str,
        plugin: Engine,
        settings: FilledSettings,
        options: SessionOptions,
        emit: Callable[[Event], None],
    ) -> None:
        self.name = name
        self.settings = settings
        self._options = options
        self._policy = options.policy
        self._hooks = EngineHooks(name, plugin, settings.value, offline=options.offline)
        loader = ModelLoader(self._hooks, self._policy, emit)
        self._model = SharedModel(
            loader.load,
            loader.unload,
            self._hooks.is_usable,
            policy=options.unload,
            idle_seconds=options.idle_seconds,
        )
        self._voices = VoiceList(self._hooks, self._policy.prepare_seconds)
        self._unresponsive = UnresponsiveCalls(name, emit)
        self.forget()

    def forget(self) -> None:
        """Begin anew, as after a fork."""
        self._slots = Slots(self.info.concurrency)
        self._speed = RealTimeFactor()
        self._hooks.forget()
        self._voices.forget()
        self._model.forget()
        self.arrival = Arrival(self._model, self._policy)
        self._unresponsive.forget()

    @property
    def plugin(self) -> Engine:
        """What runs the engine's hooks."""
        return self._hooks.plugin

    @property
    def info(self) -> EngineInfo:
        """The engine's facts."""
        return self._hooks.info

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
                self._model.wait_until_unloaded(self._policy.unload_seconds)

    def voices(
        self, on_stage: _OnStage | None = None, *, refresh: bool = False
    ) -> tuple[Voice, ...]:
        """The engine's voices, `default` alone where it lists none.

        Args:
            on_stage: Told when the engine has to be asked for them.
            refresh: Ask again.

        Raises:
            EngineError: The hook failed.
        """
        if on_stage is not None and not self._voices.is_known:
            on_stage("ensure_model")
        return self._voices.get(refresh=refresh)

    def speak(
        self,
        segment: int,
        request: SpeechRequest,
        cancellation: Cancellation,
        on_stage: _OnStage,
        *,
        awaited: bool = False,
    ) -> Iterator[AudioChunk]:
        """Speak one segment, loading the model if need be; the engine is in use.

        Args:
            segment: Its index.
            request: What to speak.
            cancellation: Stops it wherever it is.
            on_stage: Told each stage as it begins.
            awaited: Whether somebody has nothing to hear yet.

        Raises:
            EngineError: Loading or speaking failed, or what came is not all of it.
            RequestCancelledError: It was cancelled.
        """
        with cancellation.branch() as own:
            call = self._start_synthesis(request, own, on_stage, awaited)
            chunks: list[AudioChunk] = []
            for chunk in self._receive(call, segment, request, on_stage):
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
        self._model.get(cancellation, self._policy, lambda _stage: None)

    def discard_model(self) -> None:
        """Give the model back as soon as nobody uses it, as after it ran out of memory."""
        self._model.discard()

    def close(self, deadline: float) -> bool:
        """Give the model back as soon as nobody uses it; wait until `deadline` for that."""
        self.arrival.cancel()
        at_rest = self._model.close(deadline)
        if at_rest:
            self._hooks.close()
        else:
            self._hooks.end_calls()
        return at_rest

    def _start_synthesis(
        self, request: SpeechRequest, cancellation: Cancellation, on_stage: _OnStage, awaited: bool
    ) -> Call:
        """Wait for a turn and for the model, then call the hook."""
        on_stage("queue")
        self._slots.take(cancellation, Deadline.after("queue", self._policy.queue_seconds))
        try:
            model = self._model.get(cancellation, self._policy, on_stage)
            self._model.hold()
        except BaseException:
            self._slots.give_back()
            raise
        on_stage("first_audio")
        return self._hooks.start(
            "synthesize",
            cancellation,
            yields=True,
            knows_text=True,
            deadline=monotonic() + self._policy.attempt_seconds,
            awaited=awaited,
            on_end=self._end_synthesis,
            model=model,
            request=request,
        )

    def _end_synthesis(self) -> None:
        self._slots.give_back()
        self._model.release()

    def _receive(
        self, call: Call, segment: int, request: SpeechRequest, on_stage: _OnStage
    ) -> Iterator[AudioChunk]:
        """Take in audio as it comes, each piece in time and checked."""
        silence = self._speed.expected_silence(request.text, request.speed)
        limit = AudioLimit(self._policy, self.info.kind, 0.0 if self.info.streams else silence)
        rate: int | None = None
        try:
            for audio in call.items(limit):
                limit.note_audio()
                chunk = check_audio(audio, segment=segment, engine=self.name, sample_rate=rate)
                on_stage("streaming")
                rate = chunk.sample_rate
                yield chunk
        except StageTimeoutError:
            self._hooks.end_calls()
            self._unresponsive.watch(call)
            raise
        except (AttributeError, TypeError, ValueError) as error:  # of audio that only looks like it
            raise as_engine_error(error, knows_text=True) from error
