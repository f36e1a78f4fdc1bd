"""The child process in which plugins are imported for a listing, as its parent holds it."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from utterly.plugins.interpreter import describe_end, kill_group, start_python
from utterly.plugins.loading import hang_fault
from utterly.plugins.origin import Fault
from utterly.plugins.reports import PluginReport

if TYPE_CHECKING:
    from types import TracebackType

    from utterly.plugins.entries import Entry

STARTING_SECONDS = 60.0
ENDING_SECONDS = 2.0


class Child:
    """A process that examines plugins in the order given; a context manager that ends it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._process = start_python(
            "utterly.plugins.examination",
            [(e.kind.name, e.name, e.distribution, e.value) for e in entries],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
            errors="replace",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read_lines, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def read_reports(self, entry: Entry, seconds: float) -> list[PluginReport]:
        """The reports on the next plugin.

        Args:
            entry: The plugin whose turn it is.
            seconds: Longest time it may take; the child's own start does not count.

        Raises:
            PluginError: The plugin hangs, or ended the process. The child is of no more use.
        """
        try:
            begun = self._lines.get(timeout=STARTING_SECONDS)
            line = begun and self._lines.get(timeout=seconds)
        except queue.Empty:
            raise entry.refuse(hang_fault(entry, seconds)) from None
        if not line:
            raise entry.refuse(Fault(self._describe_end(), entry.update_or_disable()))
        return [PluginReport.from_dict(report) for report in json.loads(line)]

    def close(self) -> None:
        """End the process, and all that the plugins started in its group."""
        kill_group(self._process)
        self._process.wait()
        self._reader.join(ENDING_SECONDS)
        # A process that left the group may hold the pipe open; closing would then wait for it.
        if self._process.stdout and not self._reader.is_alive():
            self._process.stdout.close()

    def _read_lines(self) -> None:
        """Pass lines on, on a thread of our own; an empty one says that there are no more."""
        for line in self._process.stdout or ():
            self._lines.put(line)
        self._lines.put("")

    def _describe_end(self) -> str:
        """How the process ended, in words."""
        try:
            code = self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            return "importing it cut off the process that examined it"
        return f"importing it ended the process with {describe_end(code)}"
