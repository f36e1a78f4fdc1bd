"""The event that tells of a process that has ended."""

from __future__ import annotations

from dataclasses import dataclass

from utterly.events import EngineEvent


@dataclass(frozen=True, slots=True)
class EngineProcessEnded(EngineEvent):
    """The process that the engine ran in has ended, and with it its model; the next is a new one.

    Attributes:
        reason: Why, in one line: it crashed, was killed, did not stop, or had too much memory.
    """

    reason: str
