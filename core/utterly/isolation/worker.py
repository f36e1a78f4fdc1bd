"""The process of an engine, as those who want something of it see it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from queue import SimpleQueue
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from utterly.audio import Audio
from utterly.errors import EngineCrashedError, RequestCancelledError
from utterly.isolation.failures import rebuild_failure
from utterly.isolation.introduction import Facts, Said, wait_for_facts
from utterly.isolation.launch import Launch
from utterly.isolation.log_records import log_here
from utterly.isolation.messages import (
    Begin,
    Cancel,
    Done,
    Failed,
    FromEngine,
    Introduction,
    Log,
    Misconfigured,
    Piece,
    Progress,
    Started,
    Taken,
)
from utterly.isolation.remote_call import GRACE_SECONDS, RemoteCall
from utterly.isolation.worker_process import WorkerProcess

if TYPE_CHECKING:
    from utterly.context import Context
    from utterly.request import SpeechRequest

LOOK_SECONDS = 0.1
"""How often `on_look` is called while a hook is at work."""


class Worker:
    """A process with one engine in it, and at most one model.

    Args:
        launch: What to start.
        on_end: Told why it ended, unless it was asked to end.

    Attributes:
        process: Its id, once it has said it.
        is_prepared: Whether it has model files.
        is_loaded: Whether it has a model.
        is_worn: Whether it has too much memory, and is to be replaced.
        bringing_up: Held by who prepares or loads.
    """

    def __init__(self, launch: Launch, on_end: Callable[[str], None]) -> None:
        self._launch = launch
        self._on_end = on_end
        self.process = 0
        self.is_prepared = self.is_loaded = self.is_worn = False
        self.bringing_up = Lock()
        self._quits = False
        self._calls: dict[int, RemoteCall] = {}
        self._numbers = count(1)
        self._lock = Lock()
        self._said: SimpleQueue[Said] = SimpleQueue()
        self._crash: EngineCrashedError | None = None
        self._process = WorkerProcess(launch, self._receive, self._end)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked for something."""
        return not self._process.is_over

    @property
    def is_busy(self) -> bool:
        """Whether a hook is at work."""
        return bool(self._calls)

    def introduce(self) -> Facts:
        """Wait until it says what it is; to be called once.

        Raises:
            PluginError: The plugin cannot be used.
            SettingsError: Its settings are wrong.
        """
        return wait_for_facts(self._launch, self._said)

    def call(
        self,
        hook: str,
        context: Context,
        *,
        request: SpeechRequest | None = None,
        within: float | None = None,
        on_look: Callable[[], object] | None = None,
    ) -> Generator[Audio, None, Any]:
        """Call a hook; returns what the hook returned, as far as it can be known here.

        Args:
            hook: Its name.
            context: Of the call. Once it is cancelled the hook has a moment to stop, or else the
                process is killed; `synthesize` has until its deadline, so that a listener who
                leaves costs no model.
            request: For `synthesize`.
            within: Seconds after which the process is killed although nobody has cancelled.
            on_look: Called again and again while the hook is at work.

        Yields:
            Audio, as it comes.

        Raises:
            EngineError: The hook failed; `EngineCrashedError` where the process has ended.
            RequestCancelledError: It was told to stop, and did.
        """
        number = next(self._numbers)
        call = RemoteCall(None if within is None else monotonic() + within)
        with self._registered(number, call):
            self._process.send(Begin.of(number, hook, context, request))
            patience = partial(_patience, hook, context)
            with context.when_cancelled(lambda: self._cancel(number, call, patience())):
                try:
                    return (yield from self._follow(call, context, on_look))
                finally:
                    if not call.is_over:  # closed early, by whoever takes the audio
                        self._cancel(number, call, patience())
                        while not call.is_over:
                            self._next(call, None)

    def run(self, hook: str, context: Context, *, within: float | None = None) -> Any:
        """Call a hook that yields no audio, and wait for its end; see `call`."""
        items = self.call(hook, context, within=within)
        while True:
            try:
                next(items)
            except StopIteration as end:
                return end.value

    def kill(self, reason: str) -> None:
        """End it now; whatever is under way fails for that reason."""
        self._process.kill(reason)

    def quit(self) -> None:
        """Have it end in an orderly way; wait for that."""
        self._quits = True
        self._process.quit()

    def discard(self) -> None:
        """End it now, without a word about it."""
        self._quits = True
        self.kill("it is not needed any more")

    def abandon(self) -> None:
        """Let go of it in the child of a fork."""
        self._process.abandon()

    @contextmanager
    def _registered(self, number: int, call: RemoteCall) -> Generator[None, None, None]:
        with self._lock:
            self._calls[number] = call
            crash = self._crash
        if crash is not None:
            call.fail(crash)
        try:
            yield
        finally:
            with self._lock:
                del self._calls[number]

    def _follow(
        self, call: RemoteCall, context: Context, on_look: Callable[[], object] | None
    ) -> Generator[Audio, None, Any]:
        while True:
            if on_look is not None:
                on_look()
            match self._next(call, None if on_look is None else LOOK_SECONDS):
                case Progress() as progress:
                    with suppress(RequestCancelledError):  # which the hook is told, too
                        context.progress(progress.done, progress.total, progress.note)
                case Audio() as audio:
                    yield audio
                case Done() as done:
                    return done.value
                case Failed() as failed:
                    raise rebuild_failure(failed)
                case EngineCrashedError() as crash:
                    raise crash

    def _next(self, call: RemoteCall, seconds: float | None) -> Any:
        try:
            return call.next(seconds)
        except TimeoutError:
            self.kill("it did not stop when it was told to")
            return call.next(None)

    def _cancel(self, number: int, call: RemoteCall, until: float | None) -> None:
        self._process.send(Cancel(number))
        call.expect_end(until)

    def _receive(self, message: FromEngine) -> None:
        """Take in what the process says; on the thread that listens to it."""
        match message:
            case Piece():
                self._take(message)
            case Progress() | Done() | Failed():
                self._deliver(message.call, message)
            case Log():
                log_here(message)
            case Started():
                self.process = message.process
                self._said.put(message)
            case Introduction() | Misconfigured():
                self._said.put(message)
                if isinstance(message, Misconfigured) or not message.hooks:
                    self._quits = True  # that is told by whoever wants to use it
                    self.kill("its plugin cannot be used")

    def _take(self, piece: Piece) -> None:
        """Take a piece of audio out of the shared memory, also where nobody wants it any more."""
        assert self._process.audio is not None  # noqa: S101  # for the type checker
        audio = self._process.audio.take(piece)
        self._process.send(Taken(piece.frames))
        if audio is not None:
            self._deliver(piece.call, audio)

    def _deliver(self, number: int, arrival: Any) -> None:
        if call := self._calls.get(number):
            call.deliver(arrival)

    def _end(self, crash: EngineCrashedError) -> None:
        with self._lock:
            self._crash = crash
            calls = tuple(self._calls.values())
        self._said.put(crash)
        for call in calls:
            call.fail(crash)
        if not self._quits:
            self._on_end(str(crash))


def _patience(hook: str, context: Context) -> float | None:
    """Until when a hook that was told to stop may go on."""
    return context.deadline if hook == "synthesize" else monotonic() + GRACE_SECONDS
