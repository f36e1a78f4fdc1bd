"""eSpeak NG keeps the contract of every engine."""

from __future__ import annotations

from utterly.testing import EngineContract


class TestEspeak(EngineContract):
    """The acceptance tests, unchanged."""

    engine = "espeak"
