"""An engine in a process of its own, as those who run engines see it: the same hooks, elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import finalize

from utterly.context import Context
from utterly.engine.threads import threads
from utterly.errors import EngineError, RequestCancelledError
from utterly.events import Event
from utterly.isolation.ending import EngineProcessEnded
from utterly.isolation.launch import Launch
from utterly.isolation.memory import MemoryLimit
from utterly.isolation.worker import Worker
from utterly.isolation.workers import Workers
from utterly.settings import FilledSettings, SettingsLayer

if TYPE_CHECKING:
    from utterly.audio import Audio
    from utterly.request import SpeechRequest

UNLOAD_SECONDS = 2.0
"""How long `unload` may take before the process is ended all the same."""

LOCK_SECONDS = 0.05
"""How often who waits for a loading under way looks whether it is still wanted."""


class IsolatedEngine:
    """Runs an engine's hooks in other processes; see `utterly.plugins.Engine`.

    To those who call it, a process is the model, and its files too.

    Args:
        launch: What to start; done at once, to hear what the engine is.
        emit: Told when a process ends that was not asked to.

    Raises:
        PluginError: The plugin cannot be used.
        SettingsError: Its settings are wrong.

    Attributes:
        launch: See there.
        name: The plugin's.
        info: What `describe` said over there.
    """

    def __init__(self, launch: Launch, emit: Callable[[Event], None]) -> None:
        self.launch = launch
        self.name = launch.entry.name
        self._on_end = partial(_tell_end, emit, launch.engine)
        self._limit = MemoryLimit(launch.settings.memory_limit)
        self._offline = False
        self._begin()
        try:
            facts = self._workers.spare().introduce()
        except BaseException:
            self.close()
            raise
        self.info = facts.info
        self._hooks = facts.hooks

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._workers = Workers(self.launch, self._on_end)
        # Who drops a speaker without closing it drops this. At exit the pipes end by themselves.
        finalize(self, self._workers.discard_all).atexit = False

    def has(self, hook: str) -> bool:
        """Whether the engine has it; a process is loaded and unloaded whatever is in it."""
        return hook in self._hooks or hook in ("load", "unload")

    def is_async(self, hook: str) -> bool:  # noqa: ARG002  # see Engine
        """Whatever a hook is over there, it is waited for here."""
        return False

    def call(self, hook: str, /, **arguments: Any) -> Any:
        """Call one hook; `synthesize` gives an iterator, the others come back when they are over.

        Raises:
            EngineError: The hook failed; `EngineCrashedError` where its process has ended.
            RequestCancelledError: It was told to stop, and did.
        """
        context: Context = arguments["context"]
        match hook:
            case "ensure_model":
                return self._prepare(self._workers.spare(), context)
            case "load":
                return self._load(arguments["model_files"], context)
            case "synthesize":
                return self._synthesize(arguments["model"], arguments["request"], context)
            case "unload":
                return self._unload(arguments["model"], context)
        return self._workers.any().run(hook, context)

    def fill_settings(self, engine: str, *layers: SettingsLayer) -> FilledSettings:  # noqa: ARG002  # see Engine
        """They are filled in over there; here is what tells them from others."""
        return FilledSettings(self.launch.fingerprint())

    def is_usable(self, model: Worker) -> bool:
        """Whether its process is there, and has not too much memory."""
        return model.is_alive and not model.is_worn

    def end_calls(self) -> None:
        """Kill the processes in which a hook is at work."""
        self._workers.kill_busy("a call in it did not end in time")

    def close(self) -> None:
        """End all processes."""
        self._workers.discard_all()

    def forget(self) -> None:
        """Begin anew in the child of a fork: the processes are the parent's."""
        if os.getpid() != self._owner:
            self._workers.abandon()
            self._begin()

    def _prepare(self, worker: Worker, context: Context) -> Worker:
        """Have the model files; they stay over there."""
        with _alone(worker, context):
            if "ensure_model" in self._hooks and not worker.is_prepared:
                worker.run("ensure_model", context)
            worker.is_prepared = True
        return worker

    def _load(self, prepared: Worker | None, context: Context) -> Worker:
        self._offline = context.offline
        worker = self._workers.claim(prepared)
        try:
            return self._bring_up(worker, context)
        except BaseException:
            self._workers.release(worker)
            raise

    def _bring_up(self, worker: Worker, context: Context) -> Worker:
        """Have the model in the memory of a process, where another thread is not at it already."""
        try:
            self._prepare(worker, context)
            with _alone(worker, context):
                if not worker.is_loaded:  # an engine without the hook is there once it answers
                    worker.run("load", context)
                self._limit.check_loaded(worker.process)
                worker.is_loaded = True
        except BaseException:
            worker.discard()  # nobody knows what a loading that failed has left behind
            raise
        return worker

    def _synthesize(
        self, worker: Worker, request: SpeechRequest, context: Context
    ) -> Iterator[Audio]:
        look = partial(self._look, worker) if self._limit else None
        try:
            yield from worker.call("synthesize", context, request=request, on_look=look)
        finally:
            if look is not None:
                look()
                if worker.is_worn and not worker.is_busy:
                    threads.start(partial(self._retire, worker))

    def _look(self, worker: Worker) -> None:
        """See whether a process has too much memory; if so, have the next one load meanwhile."""
        if worker.is_worn or not self._limit.is_passed(worker.process):
            return
        worker.is_worn = True
        if worker.is_busy and self._limit.leaves_room_beside(worker.process):
            threads.start(self._bring_up_next)

    def _bring_up_next(self) -> None:
        # What goes wrong will be told to whoever needs it.
        with suppress(EngineError, RequestCancelledError):
            self._bring_up(self._workers.spare(), Context(offline=self._offline))

    def _retire(self, worker: Worker) -> None:
        """End a process that has too much memory."""
        reason = self._limit.describe_excess(worker.process)
        with suppress(EngineError):
            if self._end(worker, Context()):
                self._on_end(reason)

    def _unload(self, worker: Worker, context: Context) -> None:
        try:
            self._end(worker, context)
        finally:
            self._workers.discard_spare()

    def _end(self, worker: Worker, context: Context) -> bool:
        """Give the model back and end its process; whether it was to be ended yet."""
        if not self._workers.release(worker):
            return False
        try:
            if {"load", "unload"} <= self._hooks and worker.is_alive:
                worker.run("unload", context, within=UNLOAD_SECONDS)
        finally:
            worker.quit()
        return True


@contextmanager
def _alone(worker: Worker, context: Context) -> Generator[None, None, None]:
    """Prepare or load while nobody else does.

    Raises:
        RequestCancelledError: It took somebody else too long.
    """
    while not worker.bringing_up.acquire(timeout=LOCK_SECONDS):
        if context.cancelled():
            worker.kill("it did not load in time")
            raise RequestCancelledError("cancelled")
    try:
        yield
    finally:
        worker.bringing_up.release()


def _tell_end(emit: Callable[[Event], None], engine: str, reason: str) -> None:
    emit(EngineProcessEnded(engine, reason))
