"""eSpeak NG keeps the contract of every engine."""

from __future__ import annotations

from utterly.testing import EngineContract


class TestEspeak(EngineContract):
    """The acceptance tests, unchanged."""

    engine = "espeak"


class TestEspeakInAProcessOfItsOwn(EngineContract):
    """The same, on the other side of a pipe."""

    engine = "espeak"
    isolation = "process"
    growth_cycles = 4  # each starts a process
