"""The table of the design, row by row: what each class of failure brings about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from utterly.errors import (
    ContentRejectedError,
    EngineCrashedError,
    EngineDefectError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    InvalidAudioError,
    ModelDownloadError,
    OutOfMemoryError,
    QuotaExceededError,
    RateLimitedError,
    StageTimeoutError,
    StillPreparingError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.reactions import Reaction, reaction_to
from utterly.speech import Stage

NOT_RETRIED = Reaction(again="no", next_engine=True, effect="counted")

TABLE: list[tuple[EngineError, Reaction]] = [
    (UnsupportedError("x"), Reaction(again="no", next_engine=True, effect="voice")),
    (ContentRejectedError("x"), Reaction(again="no", next_engine=False, effect="none")),
    (RateLimitedError("x"), Reaction(again="after waiting", next_engine=True, effect="open")),
    (QuotaExceededError("x"), Reaction(again="no", next_engine=True, effect="open")),
    (EngineUnavailableError("x"), Reaction(again="no", next_engine=True, effect="disabled")),
    (ModelDownloadError("x"), Reaction(again="once", next_engine=True, effect="open")),
    (
        ModelDownloadError("x", is_final=True),
        Reaction(again="no", next_engine=True, effect="open"),
    ),
    (StillPreparingError("x"), Reaction(again="no", next_engine=True, effect="none")),
    (TransientEngineError("x"), Reaction(again="transient", next_engine=True, effect="counted")),
    (
        StageTimeoutError("x", stage="load"),
        Reaction(again="no", next_engine=True, effect="open"),
    ),
    (
        IncompleteAudioError("x"),
        Reaction(again="once if cloud", next_engine=True, effect="counted"),
    ),
    (InvalidAudioError("x"), NOT_RETRIED),
    (OutOfMemoryError("x"), Reaction(again="no", next_engine=True, effect="open")),
    (
        EngineCrashedError("x"),
        Reaction(again="after a crash", next_engine=True, effect="counted"),
    ),
    (EngineDefectError("x", original="SystemExit"), NOT_RETRIED),
]
"""The rows of section 5 of the design, written down a second time."""


def every_engine_error(kind: type[EngineError] = EngineError) -> Iterator[type[EngineError]]:
    """All classes of Utterly's own under `EngineError`."""
    for subclass in kind.__subclasses__():
        if subclass.__module__ == "utterly.errors":
            yield subclass
        yield from every_engine_error(subclass)


@pytest.mark.parametrize(
    ("error", "expected"), TABLE, ids=[type(error).__name__ for error, _ in TABLE]
)
def test_each_row_of_the_table(error: EngineError, expected: Reaction) -> None:
    """The code and the design say the same of every class of failure."""
    assert expected == reaction_to(error)


def test_no_class_of_failure_is_forgotten() -> None:
    """A new class of error makes somebody decide what it brings about."""
    assert set(every_engine_error()) == {type(error) for error, _ in TABLE}


@pytest.mark.parametrize("stage", [stage for stage in get_args(Stage) if stage != "queue"])
def test_slow_stage_opens_the_circuit(stage: Stage) -> None:
    """An engine that is too slow in any stage of its own is left alone for a while."""
    assert "open" == reaction_to(StageTimeoutError("x", stage=stage)).effect


def test_full_queue_leaves_health_untouched() -> None:
    """Who waits in vain for a turn asks the next engine, and the busy one is not to blame."""
    reaction = reaction_to(StageTimeoutError("x", stage="queue"))

    assert Reaction(again="no", next_engine=True, effect="none") == reaction


def test_subclass_of_a_plugin_counts_as_the_class_it_refines() -> None:
    """A plugin may refine an error; it is treated as what it refines."""

    class OverloadedError(TransientEngineError):
        """A plugin's own."""

    assert reaction_to(TransientEngineError("x")) == reaction_to(OverloadedError("x"))
