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
from utterly.errors import RequestCancelledError
from utterly.isolation.audio_ring import AudioWriter
from utterly.isolation.failures import describe_failure
from utterly.isolation.messages import Begin, Cancel, Done, Failed, Message, Piece, Progress
from utterly.isolation.orphanage import die

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.engine_info import Voice

GRACE_SECONDS = 0.5
"""How long a hook may go on after what it gave was refused."""


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
            is_over = True
        except Exception as error:  # noqa: BLE001  # also of values that only look like what they should be
            outcome = self._describe(begin, error)
            is_over = call.wait(None if cancellation.is_set() else 0.0)
        if not is_over:  # what it gave was refused
            cancellation.set()
            is_over = call.wait(GRACE_SECONDS)
        with self._lock:
            del self._calls[begin.call]
        self._tell(outcome)
        if not is_over:
            die()

    def _tell(self, outcome: Done | Failed) -> None:
        try:
            self._send(outcome)
        except (TypeError, ValueError, OverflowError) as error:  # what a plugin puts into its errors
            self._send(describe_failure(outcome.call, as_engine_error(error)))

    def _start(self, begin: Begin, cancellation: Cancellation) -> Call:
        arguments: dict[str, Any] = {}
        match begin.hook:
            case "load":
                arguments = {"model_files": self._model_files}
            case "synthesize":
                arguments = {"model": self._model, "request": begin.request}
            case "unload":
                arguments, self._model = {"model": self._model}, None
        return self._hooks.start(
            begin.hook,
            cancellation,
            yields=begin.hook in ("synthesize", "voices"),
            knows_text=begin.hook == "synthesize",
            offline=begin.offline,
            refresh=begin.refresh,
            deadline=None if begin.seconds is None else monotonic() + begin.seconds,
            report=lambda done, total, note: self._report(begin.call, done, total, note),
            **arguments,
        )

    def _receive(self, begin: Begin, call: Call) -> int | tuple[Voice, ...] | None:
        """Take in what a hook gives; the value is what the other process may know of it."""
        match begin.hook:
            case "synthesize":
                self._receive_audio(begin.call, call)
                return None
            case "voices":
                return tuple(check_voice(voice, self._hooks.engine) for voice in call.items())
        value = call.result()
        match begin.hook:
            case "ensure_model":
                self._model_files = value
            case "load":
                self._model = value
            case "remove_model":
                return value if isinstance(value, int) else None
        return None

    def _receive_audio(self, number: int, call: Call) -> None:
        rate: int | None = None
        for audio in call.items():
            chunk = check_audio(audio, segment=0, engine=self._hooks.engine, sample_rate=rate)
            rate = chunk.sample_rate
            self._send_audio(number, chunk)

    def _send_audio(self, number: int, chunk: AudioChunk) -> None:
        def announce(start: int, frames: int, is_last: bool) -> None:
            words = chunk.words if is_last else ()
            self._send(Piece(number, start, frames, chunk.sample_rate, words, is_last))

        self.audio.write(chunk.samples, announce)

    def _report(self, number: int, done: float, total: float | None, note: str) -> None:
        total = None if total is None else float(total)
        self._send(Progress(number, float(done), total, str(note)))

    def _describe(self, begin: Begin, error: Exception) -> Failed:
        cancelled = isinstance(error, RequestCancelledError)  # else it would be a defect by now
        knows_text = begin.hook == "synthesize"
        return describe_failure(
            begin.call, as_engine_error(error, cancelled=cancelled, knows_text=knows_text)
        )
