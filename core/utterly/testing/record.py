"""What was asked of a scripted engine, and whether it was asked rightly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utterly.request import SpeechRequest


@dataclass(frozen=True, slots=True)
class ScriptedModel:
    """What a scripted engine loads: a number, from 1."""

    number: int


class EngineRecord:
    """The calls of one engine, for any number of threads.

    Attributes:
        calls: Name of the hook and the text to speak, `None` for the other hooks, in order.
        requests: What `synthesize` was asked for, in order.
        loads: How many models were loaded.
        unloads: How many models were given back.
        speaking: How many `synthesize` calls are under way.
        most_concurrent: How many were under way at once, at most.
        misuses: What no caller should do, such as to unload a model in use; empty if all is well.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, str | None]] = []
        self.requests: list[SpeechRequest] = []
        self.loads = 0
        self.unloads = 0
        self.speaking = 0
        self.most_concurrent = 0
        self.misuses: list[str] = []
        self._in_use: dict[ScriptedModel, int] = {}
        self._lock = Lock()

    @property
    def loaded(self) -> int:
        """How many models are in memory now."""
        return len(self._in_use)

    def called(self, hook: str) -> int:
        """How often a hook was called."""
        return sum(name == hook for name, _text in tuple(self.calls))

    def _record_load(self) -> ScriptedModel:
        with self._lock:
            self.loads += 1
            model = ScriptedModel(self.loads)
            self._in_use[model] = 0
            return model

    def _record_unload(self, model: ScriptedModel) -> None:
        with self._lock:
            self.unloads += 1
            users = self._in_use.pop(model, None)
            if users is None:
                self.misuses.append(f"unload of {model!r}, which is not loaded")
            elif users:
                self.misuses.append(f"unload of {model!r} while in use")

    @contextmanager
    def _record_speaking(self, model: ScriptedModel) -> Iterator[None]:
        self._begin_speaking(model)
        try:
            yield
        finally:
            with self._lock:
                self.speaking -= 1
                if model in self._in_use:
                    self._in_use[model] -= 1

    def _begin_speaking(self, model: ScriptedModel) -> None:
        with self._lock:
            self.speaking += 1
            self.most_concurrent = max(self.most_concurrent, self.speaking)
            if model in self._in_use:
                self._in_use[model] += 1
            else:
                self.misuses.append(f"synthesize with {model!r}, which is not loaded")
