"""The hooks of an engine, called for somebody in another process."""

from __future__ import annotations

from collections.abc import Callable
from mmap import mmap
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from utterly.cancellation import Cancellation
from utterly.engine.calls import Call
from utterly.engine.checks import check_audio
from utterly.engine.faults import as_engine_error
from utterly.engine.hooks import EngineHooks
from utterly.engine.threads import threads
from utterly.engine.voice_list import check_voice
from utterly.errors import EngineError, RequestCancelledError
from utterly.isolation.audio_ring import AudioWriter
from utterly.isolation.failures import describe_failure
from utterly.isolation.messages import Begin, Cancel, Done, Failed, Message, Piece, Progress

if TYPE_CHECKING:
    from utterly.engine_info import Voice


class Service:
    """Calls hooks; model files and model stay here.

    Args:
        send: Tells the other process what comes of it.
        hooks: The engine's.
        memory: For audio.

    Attributes:
        audio: Where audio goes.
    """

    def __init__(self, send: Callable[[Message], None], hooks: EngineHooks, memory: mmap) -> None:
        self._send = send
        self._hooks = hooks
        self.audio = AudioWriter(memory)
        self._model_files: Any = None
        self._model: Any = None
        self._calls: dict[int, Cancellation] = {}
        self._lock = Lock()

    def begin(self, begin: Begin) -> None:
        """Call a hook, on threads of ours."""
        cancellation = Cancellation()
        with self._lock:
            self._calls[begin.call] = cancellation
        threads.start(lambda: self._serve(begin, cancellation))

    def cancel(self, cancel: Cancel) -> None:
        """Tell a hook that its result is no longer wanted; it may be over already."""
        with self._lock:
            cancellation = self._calls.get(cancel.call)
        if cancellation is not None:
            cancellation.set()

    def _serve(self, begin: Begin, cancellation: Cancellation) -> None:
        """Call a hook and tell what comes of it, once it is truly over."""
        call = self._start(begin, cancellation)
        outcome: Done | Failed
        try:
            outcome = Done(begin.call, self._receive(begin, call))
        except (EngineError, RequestCancelledError) as error:
            outcome = describe_failure(begin.call, error)
            call.wait()
        with self._lock:
            del self._calls[begin.call]
        self._tell(outcome)

    def _start(self, begin: Begin, cancellation: Cancellation) -> Call:
        arguments: dict[str, Any] = {}
        through: Callable[[Any], Any] | None = None
        match begin.hook:
            case "voices":
                through = self._check_voice
            case "load":
                arguments = {"model_files": self._model_files}
            case "synthesize":
                arguments = {"model": self._model, "request": begin.request}
                through = _AudioOfCall(begin.call, self._hooks.engine, self._send, self.audio).send
            case "unload":
                arguments, self._model = {"model": self._model}, None
        return self._hooks.start(
            begin.hook,
            cancellation,
            yields=through is not None,
            through=through,
            knows_text=begin.hook == "synthesize",
            offline=begin.offline,
            refresh=begin.refresh,
            awaited=begin.awaited,
            deadline=None if begin.seconds is None else monotonic() + begin.seconds,
            report=lambda done, total, note: self._report(begin.call, done, total, note),
            **arguments,
        )

    def _receive(self, begin: Begin, call: Call) -> int | tuple[Voice, ...] | None:
        """Wait for what a hook gives; the value is what the other process may know of it."""
        match begin.hook:
            case "voices":
                return tuple(call.items())
            case "ensure_model":
                self._model_files = call.result()
            case "load":
                self._model = call.result()
            case "remove_model":
                freed = call.result()
                return freed if isinstance(freed, int) else None
            case _:
                call.result()
        return None

    def _check_voice(self, voice: Any) -> Voice:
        return check_voice(voice, self._hooks.engine)

    def _report(self, number: int, done: float, total: float | None, note: str) -> None:
        total = None if total is None else float(total)
        self._send(Progress(number, float(done), total, str(note)))

    def _tell(self, outcome: Done | Failed) -> None:
        try:
            self._send(outcome)
        except (TypeError, ValueError, OverflowError) as error:  # what plugins put into errors
            self._send(describe_failure(outcome.call, as_engine_error(error)))


class _AudioOfCall:
    """Checks and sends the audio of one segment, piece by piece."""

    def __init__(
        self, number: int, engine: str, send: Callable[[Message], None], audio: AudioWriter
    ) -> None:
        self._number = number
        self._engine = engine
        self._send = send
        self._audio = audio
        self._rate: int | None = None

    def send(self, item: Any) -> None:
        """Send a piece, if it is one.

        Raises:
            InvalidAudioError: It is not audio as the contract describes it.
        """
        chunk = check_audio(item, segment=0, engine=self._engine, sample_rate=self._rate)
        rate = self._rate = chunk.sample_rate

        def announce(start: int, frames: int, is_last: bool) -> None:
            words = chunk.words if is_last else ()
            self._send(Piece(self._number, start, frames, rate, words, is_last))

        self._audio.write(chunk.samples, announce)
