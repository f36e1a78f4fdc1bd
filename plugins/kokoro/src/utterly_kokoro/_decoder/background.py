"""Compiling while others speak."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from logging import Logger
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from utterly_kokoro._decoder.compiled import is_compiled, start_compiling


class BackgroundCompiling:
    """A process that compiles, begun once at most.

    Args:
        folder: Where the compiled code will lie.
        number_format: Of the rows.
        on_ready: Called on a thread of ours when it lies there.
        logger: Told once if it fails.
    """

    def __init__(
        self, folder: Path, number_format: str, on_ready: Callable[[], object], logger: Logger
    ) -> None:
        self._folder = folder
        self._format = number_format
        self._on_ready = on_ready
        self._logger = logger
        self._lock = Lock()
        self._thread: Thread | None = None
        self._process: subprocess.Popen[Any] | None = None
        self._stopped = False

    def start(self) -> None:
        """Begin, unless it has begun already."""
        with self._lock:
            if self._thread is None and not self._stopped:
                self._thread = Thread(target=self._run, name="kokoro-compiling", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Wait until it is over, if it has begun."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """End it, wherever it is; nothing is taken into use any more."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None:
            process.kill()
        self.wait()

    def _run(self) -> None:
        if not is_compiled(self._folder) and not self._compile():
            return
        with self._lock:
            if not self._stopped:
                self._on_ready()

    def _compile(self) -> bool:
        """Wait for the process; whether it has done its work."""
        with self._lock:
            if self._stopped:
                return False
            try:
                self._process = start_compiling(self._folder, self._format)
            except OSError as error:
                self._logger.warning("Kokoro's decoder is not compiled (%s)", error.strerror)
                return False
        code = self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]  # a pipe was asked for
        if code and not self._stopped:
            self._logger.warning(
                "Kokoro's decoder is not compiled, the C++ compiler failed; it speaks on without"
            )
        return code == 0
