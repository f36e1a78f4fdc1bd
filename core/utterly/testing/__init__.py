"""For tests of engines, extensions and programs that speak.

A scripted engine speaks each segment as a coded tone and fails as it is told; `hear` says what was
heard::

    import utterly
    from utterly.testing import Fault, ScriptedEngine, hear, register_engine

    broken = ScriptedEngine(Fault("after_audio", after=0.1, text="Two."))
    with register_engine(broken, "first"), register_engine(ScriptedEngine(), "second"):
        speech = utterly.say("One. Two.", engines=["first", "second"])

    heard = hear(speech.samples, speech.sample_rate, ["One.", "Two."])
    assert ["One.", "Two."] == [tone.text for tone in heard if tone.complete]
    assert ("first", "second") == speech.engines

Engines inherit their acceptance tests from `EngineContract`, which needs pytest: it comes with
`pip install "utterly[test]"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import utterly.testing.scripted_hooks  # noqa: F401  # ScriptedEngine chooses from what is there
from utterly.testing.distributions import write_distribution
from utterly.testing.faults import Fault
from utterly.testing.observer import RecordingObserver
from utterly.testing.registration import register_engine, register_extension
from utterly.testing.scripted import ScriptedEngine
from utterly.testing.sources import scripted_source
from utterly.testing.tones import Heard, hear, tone

if TYPE_CHECKING:
    from utterly.testing.contract import EngineContract

__all__ = [
    "EngineContract",
    "Fault",
    "Heard",
    "RecordingObserver",
    "ScriptedEngine",
    "hear",
    "register_engine",
    "register_extension",
    "scripted_source",
    "tone",
    "write_distribution",
]


def __getattr__(name: str) -> Any:
    """Load the contract, and with it pytest and numpy, only when somebody asks for it."""
    if name == "EngineContract":
        return _load_contract()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _load_contract() -> type[EngineContract]:
    try:
        import pytest
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            'EngineContract needs pytest: pip install "utterly[test]"', name="pytest"
        ) from error
    # Before the import: only then do failures show the values that were compared.
    pytest.register_assert_rewrite("utterly.testing.contract")
    from utterly.testing.contract import EngineContract

    return EngineContract
