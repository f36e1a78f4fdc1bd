"""Every fault in every situation: what is heard, what is told, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path
from typing import get_args

import numpy as np
import psutil
import pytest
from tests.faults.ensemble import (
    Ensemble,
    describe_badly,
    health_key,
    open_ensemble,
    threads_at_work,
)
from tests.faults.matrix import (
    CELLS,
    HOLD_BACK_SECONDS,
    OUT_OF_ORDER,
    PLACES,
    POSITIONS,
    REST,
    SENTENCES,
    TEXT,
    Cell,
    Guarantee,
    Health,
    Position,
)
from tests.faults.process_script import ProcessScript
from tests.faults.waiting import wait_until

from utterly import AllEnginesFailedError, Attempt, AudioChunk, Policy, Speaker, Speech
from utterly.errors import EngineCrashedError, StillPreparingError
from utterly.events import AttemptFailed, EngineUnloadFailed, SegmentBroken
from utterly.health_book import book
from utterly.reactions import REACTIONS
from utterly.seams import SENTENCE_PAUSE
from utterly.testing import Fault, Heard, RecordingObserver, ScriptedEngine, hear
from utterly.testing.faults import FATAL, FaultKind, FaultPlace

PATIENCE = (0.05, 1.0, 10.0)
"""Seconds until a hanging engine is given up. On a busy machine an engine that is well may look
hung after the first; then the cell is tried again with the next."""

PATIENCE_APART = (2.0, 10.0)
"""The same where an engine has to start a process first."""

WAITS: dict[FaultPlace, str] = {
    "voices": "prepare_seconds",
    "ensure_model": "prepare_seconds",
    "load": "load_seconds",
    "before_audio": "first_audio_local_seconds",
    "after_audio": "stall_seconds",
    "unload": "unload_seconds",
}
"""The field of the policy that says how long each place is waited for."""


@dataclass(slots=True)
class Outcome:
    """What came of one cell.

    Attributes:
        scripts: The engines by position; none for one that could not be described.
        engines: Their configured names.
        observer: Heard every event.
        speech: The result, or what the error carries.
        error: What was raised.
        chunks: What a listener got.
    """

    scripts: dict[Position, ScriptedEngine | ProcessScript] = field(default_factory=dict)
    engines: dict[Position, str] = field(default_factory=dict)
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    speech: Speech | None = None
    error: AllEnginesFailedError | None = None
    chunks: list[AudioChunk] = field(default_factory=list)

    @property
    def result(self) -> Speech:
        """The speech, which there always is."""
        assert self.speech is not None
        return self.speech

    @property
    def heard(self) -> tuple[Heard, ...]:
        """The tones in the speech."""
        return hear(self.result.samples, self.result.sample_rate, (*SENTENCES, REST))

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt, in order."""
        spoken = [attempt for segment in self.result.segments for attempt in segment.attempts]
        last = self.error.attempts if self.error else ()
        return tuple(dict.fromkeys([*spoken, *last]))


@pytest.fixture(scope="module")
def ensemble() -> Iterator[Ensemble]:
    """The engines of all cells."""
    with open_ensemble() as engines:
        yield engines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where engines are installed that cannot be registered."""
    return tmp_path_factory.mktemp("distributions")


HERE = [cell for cell in CELLS if not cell.is_apart]
APART = [cell for cell in CELLS if cell.is_apart]


def is_typical(cell: Cell) -> bool:
    """Whether a cell of a process is played each time: each of them has to start one."""
    if cell.fault.kind in FATAL:
        place = {"kill": "before_audio", "stop": "after_audio"}.get(cell.fault.kind, "load")
        return cell.fault.at == place and (cell.position == "third") == cell.live
    is_hang = cell.fault.stubborn and cell.fault.at == "before_audio"
    is_ordinary = cell.raised == "QuotaExceededError" or cell.fault.kind in ("nan", "none")
    return cell.position == "first" and not cell.live and (is_hang or is_ordinary)


@pytest.mark.parametrize("cell", HERE, ids=str)
def test_cell(cell: Cell, ensemble: Ensemble, folder: Path) -> None:
    """A cell keeps the guarantees that it is held to, and leaves nothing behind."""
    outcome = play(cell, ensemble, folder)

    for guarantee in cell.guarantees:
        CHECKS[guarantee](cell, outcome)
    check_nothing_left(cell, outcome)


@pytest.mark.parametrize(
    "cell",
    [pytest.param(c, id=str(c), marks=() if is_typical(c) else pytest.mark.slow) for c in APART],
)
def test_cell_of_a_process(cell: Cell, ensemble: Ensemble, folder: Path) -> None:
    """The same holds of an engine in a process of its own, and no process is left behind."""
    test_cell(cell, ensemble, folder)

    assert [] == psutil.Process().children()


def test_every_fault_is_in_the_matrix() -> None:
    """What a scripted engine can be made to do wrong is tried in every situation."""
    tried = {(cell.fault.at, cell.fault.kind) for cell in CELLS}

    assert {*filter(_is_possible, product(PLACES, get_args(FaultKind)))} == tried


def _is_possible(fault: tuple[FaultPlace, FaultKind]) -> bool:
    try:
        Fault(*fault)
    except ValueError:
        return False
    return True


CORES_OWN = {EngineCrashedError, StillPreparingError}
"""What no engine raises: a process that ends has cells of its own, and for a model on its way
there is `tests/core/test_background.py`."""


def test_every_reaction_is_in_the_matrix() -> None:
    """Every row of the failures' table is tried while loading, and before and after audio."""
    for place in ("load", "before_audio", "after_audio"):
        raised = {type(cell.fault.error) for cell in CELLS if cell.fault.at == place}
        assert CORES_OWN == REACTIONS.keys() - raised


def play(cell: Cell, ensemble: Ensemble, folder: Path) -> Outcome:
    """Have one cell spoken, patiently enough for the machine."""
    for patience in PATIENCE_APART if cell.is_apart else PATIENCE:
        book.forget()
        outcome = Outcome()
        with ExitStack() as stack:
            install(cell, ensemble, folder, outcome, stack)
            speak(cell, outcome, patience)
        if not cell.hangs or _timeouts(outcome) == _expected_timeouts(cell, outcome):
            break
    return outcome


def install(
    cell: Cell, ensemble: Ensemble, folder: Path, outcome: Outcome, stack: ExitStack
) -> None:
    """Install the engines of a cell."""
    for position in POSITIONS:
        if position == cell.position and cell.fault.at == "describe":
            described = describe_badly(folder, cell.fault, is_async=cell.is_async)
            outcome.engines[position] = stack.enter_context(described)
            continue
        if position == cell.position and cell.is_apart:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.syspath_prepend(folder)
            outcome.scripts[position] = ensemble.install_apart(cell, folder, patch)
            outcome.engines[position] = f"{position}_process"
            continue
        is_before = POSITIONS.index(position) < POSITIONS.index(cell.position)
        faults = (cell.fault,) if position == cell.position else (OUT_OF_ORDER,) * is_before
        script = ensemble.install(position, *faults, is_async=cell.is_async)
        outcome.scripts[position] = stack.enter_context(script)
        outcome.engines[position] = script.info.title


def speak(cell: Cell, outcome: Outcome, patience: float) -> None:
    """Speak, until nothing is at work any more; what was told to stop stops by itself."""
    waits = {WAITS[cell.fault.at]: patience} if cell.hangs and cell.fault.at in WAITS else {}
    with Speaker(
        [outcome.engines[position] for position in POSITIONS],
        policy=Policy(hold_back_seconds=HOLD_BACK_SECONDS, **waits),  # type: ignore[arg-type]  # all of them are seconds
        settings={outcome.engines[cell.position]: {"isolation": "process"}}
        if cell.is_apart
        else {},
        unload="after-request" if cell.fault.at == "unload" else "idle",
        on_event=outcome.observer,
    ) as speaker:
        try:
            if cell.live:
                with speaker.stream(TEXT) as stream:
                    outcome.chunks.extend(stream)
                outcome.speech = stream.speech
            else:
                outcome.speech = speaker.say(TEXT)
        except AllEnginesFailedError as error:
            outcome.speech, outcome.error = error.speech, error
        finally:
            script = outcome.scripts.get(cell.position)
            if cell.is_deaf and isinstance(script, ScriptedEngine):
                script.release()
        if cell.raised in ("MemoryError", "OutOfMemoryError"):
            # Given back at once, not only when the speaker closes.
            wait_until(lambda: not outcome.scripts[cell.position].loaded)
    wait_until(lambda: not threads_at_work())


def _timeouts(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [
        (failed.segment, failed.engine, failed.stage)
        for failed in outcome.observer.of(AttemptFailed)
        if failed.error == "StageTimeoutError"
    ]


def _expected_timeouts(cell: Cell, outcome: Outcome) -> list[tuple[int, str, str]]:
    if cell.fault.at in ("describe", "unload"):
        return []
    return [(cell.segment, outcome.engines[cell.position], cell.failure[0])]


def check_isolation(_cell: Cell, outcome: Outcome) -> None:
    """Nothing of the fault reaches the caller while another engine works."""
    assert outcome.error is None


def check_exactly_once(cell: Cell, outcome: Outcome) -> None:
    """Every segment is heard once, in order, up to where nobody could go on."""
    told = SENTENCES[: cell.segment] if cell.all_fail else SENTENCES
    assert told == tuple(tone.text for tone in outcome.heard)
    assert cell.heard == tuple((tone.text, tone.complete) for tone in outcome.heard)


def check_never_taken_back(cell: Cell, outcome: Outcome) -> None:
    """What a listener got is the result, and nothing in it is heard twice."""
    parts = [chunk.samples for chunk in outcome.chunks]
    assert np.array_equal(outcome.result.samples, np.concatenate([np.empty(0), *parts]))
    assert cell.heard == tuple((tone.text, tone.complete) for tone in outcome.heard)


def check_honest(cell: Cell, outcome: Outcome) -> None:
    """The result names who spoke what, what is missing, who failed, where and why."""
    pieces = [(s.text, s.engine, s.complete) for s in outcome.result.segments]
    assert [(text, outcome.engines[at], whole) for text, at, whole in cell.pieces] == pieces
    is_whole = not cell.all_fail and all(whole for _text, _at, whole in cell.pieces)
    assert ("complete" if is_whole else "partial") == outcome.result.status
    assert cell.all_fail == (outcome.error is not None)
    is_substituted = any(at != "first" for _text, at, _whole in cell.pieces)
    assert (not is_whole or is_substituted) == outcome.result.degraded
    _check_attempts(cell, outcome)
    broken = [event.engine for event in outcome.observer.of(SegmentBroken)]
    assert [outcome.engines[at] for _text, at, whole in cell.pieces if not whole] == broken
    assert cell.is_told_by_unload == bool(outcome.observer.of(EngineUnloadFailed))


def _check_attempts(cell: Cell, outcome: Outcome) -> None:
    failed = [a for a in outcome.attempts if a.error]
    own = [(a.stage, a.error) for a in failed if a.engine == outcome.engines[cell.position]]
    if cell.ending == "unnoticed":
        assert [] == own
    else:
        stage, failure = cell.failure
        assert [(stage, failure.error)] * cell.tries == own
    assert all(a.message for a in failed)
    told = [(e.engine, e.stage, e.error) for e in outcome.observer.of(AttemptFailed)]
    assert told == [(a.engine, a.stage, a.error) for a in failed]
    for segment in outcome.result.segments:
        last = segment.attempts[-1]
        assert (segment.engine, segment.complete) == (last.engine, not last.error)


def check_bounded(cell: Cell, outcome: Outcome) -> None:
    """Nobody is asked more often than the design says."""
    events = outcome.observer.of(AttemptFailed)
    asked = [event.engine for event in events if event.segment == cell.segment]
    assert [outcome.engines[at] for at in cell.asked] == asked
    for position, script in outcome.scripts.items():
        tries = cell.tries if position == cell.position else 1
        calls = [text for hook, text in script.calls if hook == "synthesize"]
        assert max(map(calls.count, calls), default=0) <= tries
        assert max(map(script.called, ("voices", "ensure_model", "load"))) <= tries


def check_fair_health(cell: Cell, outcome: Outcome) -> None:
    """Only the faulty engine's health changes, as its failure deserves."""
    for position, engine in outcome.engines.items():
        index, faulty = POSITIONS.index(position), POSITIONS.index(cell.position)
        expected = cell.health if index == faulty else "disabled" if index < faulty else "as before"
        assert expected == find_health(engine)


def find_health(engine: str) -> Health:
    """What is known of an engine."""
    key = health_key(engine)
    health = book.look(key)
    if health.state == "disabled":
        return "disabled"
    if health.state != "closed":
        return "open"
    if health.failures:
        return "counted"
    return "voice" if book.look((*key, "first")).state == "open" else "as before"


def check_one_timeline(cell: Cell, outcome: Outcome) -> None:
    """Segments and words are where they are heard."""
    result = outcome.result
    audible = [s for s in result.segments if s.complete or cell.ending == "broken off"]
    for tone, segment in zip(outcome.heard, audible, strict=True):
        assert segment.start == pytest.approx(tone.start, abs=0.02)
        assert segment.end >= tone.end - 0.02
        words, timed = segment.text.split(), [word.text for word in segment.words]
        assert (words if tone.complete else words[: len(timed)]) == timed
        assert segment.start == pytest.approx(segment.words[0].start, abs=0.02)
    for before, after in pairwise(result.segments):
        assert before.end <= after.start <= before.end + SENTENCE_PAUSE
    ends = [0.0, *(segment.end for segment in result.segments)]
    assert ends[-1] == pytest.approx(result.duration)


def check_nothing_left(cell: Cell, outcome: Outcome) -> None:
    """Every model is given back, once, and none was used when it was not there."""
    scripts = list(outcome.scripts.values())
    assert [[]] * len(scripts) == [script.misuses for script in scripts]
    if cell.is_apart and (cell.hangs or cell.crashes):  # it went with its process
        scripts = [script for script in scripts if isinstance(script, ScriptedEngine)]
    assert [0] * len(scripts) == [script.loaded for script in scripts]
    assert [script.loads for script in scripts] == [script.unloads for script in scripts]


CHECKS: dict[Guarantee, Callable[[Cell, Outcome], None]] = {
    "1 isolation": check_isolation,
    "2 exactly once": check_exactly_once,
    "never taken back": check_never_taken_back,
    "3 honest": check_honest,
    "4 bounded": check_bounded,
    "7 fair health": check_fair_health,
    "10 one timeline": check_one_timeline,
}
