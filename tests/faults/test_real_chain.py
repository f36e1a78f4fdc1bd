"""Guarantee 2 over real engines: whatever combination of them fails, the text is spoken once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from plugins.kokoro.tests.conftest import REASON
from tests.faults.real_chain import ENGINES, Combination, Stage, draw_combinations
from tests.servers.connections import watch_connections
from tests.servers.edge import hear_tones, pitch_of, spoken_words

from utterly import Speech, SpokenSegment, decisions
from utterly.testing import hear

TEXTS = ("Two words.", "Three more words.", "The last ones.")
TEXT = "\n\n".join(TEXTS)
"""In paragraphs: each begins with the first engine that is well again."""

AUDIBLE = 0.001
"""RMS of full scale, as core's own check has it."""

COMBINATIONS = draw_combinations(240, seed=9)
FEW = 8

pytestmark = [
    pytest.mark.skipif(bool(REASON), reason=REASON or "it is installed"),
    # The library's own, about a reason that it does not know.
    pytest.mark.filterwarnings("ignore:SOMETHING_NEW is not a valid:UserWarning"),
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """All four engines, and the two servers."""
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(autouse=True)
def kokoro_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a model here."""
    monkeypatch.delenv("UTTERLY_DISABLE", raising=False)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again follow at once."""
    monkeypatch.setattr(decisions, "FIRST_PAUSE", 0.01)


@pytest.mark.parametrize(
    "combination",
    [
        *COMBINATIONS[:FEW],
        *(pytest.param(each, marks=pytest.mark.slow) for each in COMBINATIONS[FEW:]),
    ],
    ids=str,
)
def test_guarantee_2_exactly_once_whatever_fails_in_all_at_once(
    stage: Stage, combination: Combination
) -> None:
    """Each sentence is heard whole, once, in order, from the engine that is named."""
    with watch_connections() as connections, stage.play(combination) as speaker:
        speech = speaker.say(TEXT)

    assert "complete" == speech.status
    assert TEXTS == tuple(segment.text for segment in speech.segments)
    assert all(_is_heard(speech, segment) for segment in speech.segments)
    assert _is_silent_between(speech)
    assert list(ENGINES[: len(_asked(speech))]) == _asked(speech)
    assert combination.times or len(ENGINES) == len(_asked(speech))
    assert [] == connections.endless_waits


def test_without_a_fault_the_first_choice_speaks(stage: Stage) -> None:
    """It is the faults that have the others speak."""
    combination = Combination("broken", "server_error", "unavailable", 0, 0)
    with stage.play(combination) as speaker:
        speech = speaker.say(TEXT)

    assert (("kokoro",), False) == (speech.engines, speech.degraded)


def _asked(speech: Speech) -> list[str]:
    """Who was asked for the first sentence, in order."""
    return list(dict.fromkeys(attempt.engine for attempt in speech.segments[0].attempts))


def _is_heard(speech: Speech, segment: SpokenSegment) -> bool:
    """Whether a sentence is heard where it is said to be; each engine says so in its own way."""
    samples, rate = _between(speech, segment.start, segment.end), speech.sample_rate
    match segment.engine:
        case "edge":
            expected = [pitch_of(word) for word in spoken_words(segment.text)]
            return expected == [tone.pitch for tone in hear_tones(samples, rate)]
        case "gemini":
            heard = hear(samples, rate, TEXTS)
            return [(segment.text, True)] == [(tone.text, tone.complete) for tone in heard]
    words = [word.text.strip(".") for word in segment.words]
    return spoken_words(segment.text) == words and _level(samples) > AUDIBLE


def _is_silent_between(speech: Speech) -> bool:
    """Whether nothing is heard that belongs to no sentence."""
    ends = [0.0, *(segment.end for segment in speech.segments)]
    starts = [*(segment.start for segment in speech.segments), speech.duration]
    pauses = [_between(speech, end, start) for end, start in zip(ends, starts, strict=True)]
    return max(map(_level, pauses)) < AUDIBLE


def _between(speech: Speech, start: float, end: float) -> NDArray[np.float32]:
    rate = speech.sample_rate
    return speech.samples[round(start * rate) : round(end * rate)]


def _level(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
