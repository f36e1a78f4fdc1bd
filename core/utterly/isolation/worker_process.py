"""The process of an engine: started, listened to, and seen to its end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock
from typing import Any

from utterly.engine.threads import threads
from utterly.errors import EngineCrashedError
from utterly.isolation.audio_ring import RING_BYTES, AudioReader
from utterly.isolation.connection import Connection, GarbledError
from utterly.isolation.cores import choose_cores, thread_counts
from utterly.isolation.launch import Launch
from utterly.isolation.messages import FromEngine, Message, Quit
from utterly.isolation.shared_memory import create_shared_memory
from utterly.plugins.interpreter import describe_end, kill_group, start_python

ENDING_SECONDS = 2.0
"""How long a process may take to end once it was asked to, or has closed its end of the pipe."""


class WorkerProcess:
    """A process that is started at once.

    One thread does all of it, from the start to the end: Linux takes the end of the thread that
    started a process for the end of its parent.

    Args:
        launch: What it is to run.
        receive: Told each message.
        on_end: Told how it ended, in the end.
    """

    def __init__(
        self,
        launch: Launch,
        receive: Callable[[FromEngine], None],
        on_end: Callable[[EngineCrashedError], None],
    ) -> None:
        self._launch = launch
        self._receive = receive
        self._on_end = on_end
        self._connection: Connection[FromEngine] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._reason = ""
        self._lock = Lock()
        self._has_begun = Event()
        self._is_over = Event()
        self.audio: AudioReader | None = None
        threads.start(self._keep)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or is about to."""
        return self._is_over.is_set() or bool(self._reason)

    def send(self, message: Message) -> None:
        """Tell it something; what comes too late is not heard."""
        self._has_begun.wait()
        if self._connection is not None:
            with suppress(OSError):
                self._connection.send(message)

    def kill(self, reason: str) -> None:
        """End it now.

        Args:
            reason: For those who wait for something of it; the first one holds.
        """
        with self._lock:
            self._reason = self._reason or reason
            if self._process is not None and self._process.returncode is None:
                kill_group(self._process)

    def quit(self) -> None:
        """Have it end in an orderly way, or kill it where it does not; wait for that."""
        self.send(Quit())
        if not self._is_over.wait(ENDING_SECONDS):
            self.kill("it did not end when it was asked to")
            self._is_over.wait(ENDING_SECONDS)

    def abandon(self) -> None:
        """Let go of it in the child of a fork, whose parent's it is."""
        if self._connection is not None:
            self._connection.abandon()
        if self._process is not None:
            self._process.returncode = 0  # else it would be waited for

    def _keep(self) -> None:
        try:
            connection = self._start()
            self._has_begun.set()
            while (message := connection.receive()) is not None:
                self._receive(message)
        except (OSError, GarbledError, ValueError) as error:
            self.kill(f"nothing can be made of it ({type(error).__name__}: {error})")
        finally:
            self._has_begun.set()
            code = self._see_off()
            self._is_over.set()
            self._on_end(EngineCrashedError(self._describe_end(code), exit_code=code))

    def _start(self) -> Connection[FromEngine]:
        memory = create_shared_memory(RING_BYTES)
        cores = choose_cores(self._launch.settings.cores)
        try:
            process = start_python(
                "utterly.isolation.server",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **thread_counts(self._launch.settings.cores)},
                pass_fds=memory.descriptors,
            )
        finally:
            memory.close_descriptors()
        with self._lock:
            self._process = process
            if self._reason:  # nobody wants it any more
                kill_group(process)
        self.audio = AudioReader(memory.memory)
        assert process.stdin is not None  # noqa: S101  # for the type checker: both are pipes
        assert process.stdout is not None  # noqa: S101  # as above
        self._connection = Connection(process.stdout, process.stdin, FromEngine)
        self._connection.send(self._launch.setup(memory, RING_BYTES, cores))
        return self._connection

    def _see_off(self) -> int | None:
        """Wait for its end, and end what it has left behind; its exit code."""
        process = self._process
        if process is None:
            return None
        try:
            process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill("it does not listen any more")
        code: Any = process.wait()
        with self._lock:
            kill_group(process)
        if self._connection is not None:
            self._connection.close()
        return int(code)

    def _describe_end(self, code: int | None) -> str:
        if self._reason:
            return f"its process was ended: {self._reason}"
        if code is None:
            return "no process could be started for it"
        words = describe_end(code)
        if hasattr(signal, "SIGKILL") and code == -signal.SIGKILL:
            words += ", by somebody, or by the system for want of memory"
        return f"its process ended with {words}"
