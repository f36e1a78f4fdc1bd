"""A scripted engine in a process of its own: the cell that it plays, and what was asked of it.

`RecordingEngine` is at work in the other process; `ProcessScript` reads here what it wrote there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from tests.faults.matrix import CELLS, Position

from utterly.testing.record import ScriptedModel
from utterly.testing.scripted_hooks import BlockingScriptedEngine

CELL, RECORD = "MATRIX_CELL", "MATRIX_RECORD"
"""Environment variables: the index of the cell, and the file to write to."""

SOURCE = """
from tests.faults.process_script import make_engine

engine = make_engine({position!r}, {sample_rate})
"""


class Writing(list[Any]):
    """A list whose items are written into the file, too."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def append(self, item: Any) -> None:
        """Append it here and there."""
        super().append(item)
        write(self._what, item)


def write(what: str, item: Any = None) -> None:
    """Add a line to the file; whatever happens to the process then, it is there."""
    with Path(os.environ[RECORD]).open("a", encoding="ascii") as file:
        file.write(json.dumps([what, item]) + "\n")


class RecordingEngine(BlockingScriptedEngine):
    """A scripted engine that writes down what is asked of it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.info = replace(self.info, streams=True)
        self.calls = Writing("call")
        self.misuses = Writing("misuse")

    def _record_load(self) -> ScriptedModel:
        write("load")
        return super()._record_load()

    def _record_unload(self, model: ScriptedModel) -> None:
        write("unload")
        super()._record_unload(model)


def make_engine(position: Position, sample_rate: int) -> RecordingEngine:
    """The engine of a position, with the fault of the cell that is being played."""
    return RecordingEngine(
        CELLS[int(os.environ[CELL])].fault,
        name=f"{position}_process",
        concurrency=1,
        sample_rate=sample_rate,
        seconds=0.15,
        chunk=0.05,
    )


@dataclass(frozen=True)
class ProcessScript:
    """What was asked of the engine, as a scripted engine in this process has it in attributes."""

    record: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing has to be released: the process is killed."""

    @property
    def calls(self) -> list[tuple[str, str | None]]:
        """Name of the hook and text, in order."""
        return [(hook, text) for hook, text in self._items("call")]

    @property
    def misuses(self) -> list[str]:
        """What no caller should do."""
        return self._items("misuse")

    @property
    def loads(self) -> int:
        """How many models were loaded."""
        return len(self._items("load"))

    @property
    def unloads(self) -> int:
        """How many models were given back."""
        return len(self._items("unload"))

    @property
    def loaded(self) -> int:
        """How many models are in memory, as far as no process was killed."""
        return self.loads - self.unloads

    def called(self, hook: str) -> int:
        """How often a hook was called."""
        return sum(name == hook for name, _text in self.calls)

    def _items(self, wanted: str) -> list[Any]:
        if not self.record.exists():
            return []
        lines = map(json.loads, self.record.read_text("ascii").splitlines())
        return [item for what, item in lines if what == wanted]
