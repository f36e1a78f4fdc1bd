"""Random chains of random faults: whatever happens, the guarantees hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faults.ensemble import SAMPLE_RATES, Ensemble, open_ensemble, threads_at_work
from tests.faults.matrix import RAISED
from tests.faults.waiting import wait_until

from utterly import AllEnginesFailedError, Policy, Speaker, Speech, SpokenSegment
from utterly.events import AttemptFailed, AttemptStarted, EngineHealthChanged
from utterly.health_book import book
from utterly.testing import Fault, Heard, RecordingObserver, ScriptedEngine, hear

SENTENCES = (
    "Alpha bravo charlie delta.",
    "Echo foxtrot.",
    "Golf hotel india juliet.",
    "Kilo lima.",
)
"""No word comes twice, so that a repeated one is known as such."""

WORDS = " ".join(SENTENCES).split()
PIECES = tuple(
    " ".join(words[start:]) for words in map(str.split, SENTENCES) for start in range(len(words))
)
"""What may be asked of an engine: a sentence, or the rest of one."""

HOLD_BACK_SECONDS = 0.08
PATIENCE = 0.1
MOST_TRIES = 3
"""Of one engine at one segment: once, and the retries of a buffered request."""

ERRORS = st.sampled_from([error for error, _failure in RAISED.values()])
TIMES = st.sampled_from([None, 1, 2])
TEXTS = st.sampled_from([None, *SENTENCES])
AFTER = st.sampled_from([0.05, 0.1, 0.2, 0.3, 0.4, 0.5])

LIFE_FAULTS = st.builds(
    Fault,
    st.sampled_from(["voices", "ensure_model", "load", "unload"]),
    error=ERRORS,
    times=TIMES,
)
RAISED_FAULTS = st.builds(
    Fault,
    st.sampled_from(["before_audio", "after_audio"]),
    error=ERRORS,
    after=AFTER,
    text=TEXTS,
    times=TIMES,
)
# A cut or a silence after audio is missing here: only the engine can know of it.
AUDIO_FAULTS = st.one_of(
    st.builds(
        Fault,
        st.just("before_audio"),
        st.sampled_from(
            ["silence", "truncate", "nothing", "wrong_rate", "nan", "stereo", "integers", "none"]
        ),
        text=TEXTS,
        times=TIMES,
    ),
    st.builds(
        Fault,
        st.just("after_audio"),
        st.sampled_from(["wrong_rate", "nan", "stereo", "integers"]),
        after=AFTER,
        text=TEXTS,
        times=TIMES,
    ),
)
HANGS = st.builds(
    Fault,
    st.sampled_from(["load", "before_audio", "after_audio"]),
    st.sampled_from(["hang", "stall"]),
    after=AFTER,
    times=st.just(1),
)
FAULTS = st.one_of(RAISED_FAULTS, AUDIO_FAULTS, LIFE_FAULTS, HANGS)


@dataclass(frozen=True, slots=True)
class Part:
    """One engine of a chain: what goes wrong with it, and the form of its hooks."""

    faults: tuple[Fault, ...]
    is_async: bool


PARTS = st.builds(Part, st.lists(FAULTS, max_size=2).map(tuple), is_async=st.booleans())
CHAINS = st.lists(PARTS, min_size=1, max_size=len(SAMPLE_RATES))
SEPARATORS = st.lists(st.sampled_from([" ", "\n\n"]), max_size=len(SENTENCES) - 1)


@dataclass(slots=True)
class Performance:
    """What came of one request.

    Attributes:
        chain: The engines as they were made.
        text: What was to be spoken.
        scripts: The engines.
        observer: Heard every event.
        speech: The result, or what the error carries.
        failed: Whether there was an error.
        tones: What is heard in the speech.
    """

    chain: Sequence[Part]
    text: str
    scripts: list[ScriptedEngine]
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    speech: Speech | None = None
    failed: bool = False
    tones: tuple[Heard, ...] = ()

    @property
    def result(self) -> Speech:
        """The speech, which there always is."""
        assert self.speech is not None
        return self.speech

    @property
    def faultless(self) -> list[str]:
        """The engines that nothing is wrong with."""
        pairs = zip(self.chain, self.scripts, strict=True)
        return [script.info.title for part, script in pairs if not part.faults]

    @property
    def is_rejected(self) -> bool:
        """Whether an engine may have refused the text, which then goes to nobody else."""
        return any(e.error == "ContentRejectedError" for e in self.observer.of(AttemptFailed))

    @property
    def is_too_slow(self) -> bool:
        """Whether the machine was so busy that an engine that was well looked hung."""
        told = self.observer.of(AttemptFailed)
        return any(e.error == "StageTimeoutError" and e.engine in self.faultless for e in told)


@pytest.fixture(scope="module")
def ensemble() -> Iterator[Ensemble]:
    """The engines of all chains."""
    with open_ensemble() as engines:
        yield engines


@given(chain=CHAINS, separators=SEPARATORS, live=st.booleans())
@settings(derandomize=True, max_examples=150, deadline=None)
def test_random_chain(
    ensemble: Ensemble, chain: list[Part], separators: list[str], live: bool
) -> None:
    """Guarantees 1, 2, 3, 4 and 7 hold for any chain."""
    performance = perform(ensemble, chain, write_text(separators), live=live)

    if performance.is_too_slow:
        return
    check_isolation(performance)
    check_nothing_twice(performance)
    check_honest(performance)
    check_bounded(performance)
    check_fair_health(performance)
    check_nothing_left(performance)
    if not live:
        check_exactly_once(performance)


def write_text(separators: Sequence[str]) -> str:
    """One sentence more than there are separators."""
    return SENTENCES[0] + "".join(map(str.__add__, separators, SENTENCES[1:]))


def perform(ensemble: Ensemble, chain: Sequence[Part], text: str, *, live: bool) -> Performance:
    """Have a text spoken."""
    book.forget()
    scripts = [
        ensemble.install(engine, *part.faults, is_async=part.is_async)
        for engine, part in zip(SAMPLE_RATES, chain, strict=False)
    ]
    performance = Performance(chain, text, scripts)
    policy = Policy(
        hold_back_seconds=HOLD_BACK_SECONDS,
        load_seconds=PATIENCE,
        first_audio_local_seconds=PATIENCE,
        stall_seconds=PATIENCE,
    )
    engines = [script.info.title for script in scripts]
    with ExitStack() as stack:
        speaker = stack.enter_context(
            Speaker(engines, policy=policy, on_event=performance.observer)
        )
        for script in scripts:
            stack.enter_context(script)
        try:
            performance.speech = listen(speaker, text) if live else speaker.say(text)
        except AllEnginesFailedError as error:
            performance.speech, performance.failed = error.speech, True
    result = performance.result
    performance.tones = hear(result.samples, result.sample_rate, PIECES)
    return performance


def listen(speaker: Speaker, text: str) -> Speech:
    """Speak live; what was given out is the result."""
    with speaker.stream(text) as stream:
        parts = [chunk.samples for chunk in stream]
    assert np.array_equal(stream.speech.samples, np.concatenate([np.empty(0), *parts]))
    return stream.speech


def check_isolation(performance: Performance) -> None:
    """An engine that is well is enough."""
    if performance.faultless and not performance.is_rejected:
        assert not performance.failed


def check_exactly_once(performance: Performance) -> None:
    """Buffered, every sentence is heard whole, in order, up to where nobody could go on."""
    tones = [(tone.text, tone.complete) for tone in performance.tones]
    spoken = [(segment.text, True) for segment in performance.result.segments]
    assert spoken == tones
    assert SENTENCES[: len(spoken)] == tuple(text for text, _complete in spoken)


def check_nothing_twice(performance: Performance) -> None:
    """No word is spoken twice or out of order, and none is left out of the account."""
    segments = performance.result.segments
    places = [WORDS.index(word.text) for segment in segments for word in segment.words]
    assert sorted(set(places)) == places
    told = [word for segment in segments for word in segment.text.split()]
    expected = performance.text.split()
    assert (expected[: len(told)] if performance.failed else expected) == told


def check_honest(performance: Performance) -> None:
    """What is called complete was heard whole, from the engine that is named."""
    result = performance.result
    for segment in result.segments:
        inside = [(tone.text, tone.complete) for tone in performance.tones if _is_in(tone, segment)]
        last = segment.attempts[-1]
        assert (segment.engine, segment.complete) == (last.engine, not last.error)
        assert inside == [(segment.text, True)] if segment.complete else len(inside) <= 1
    is_whole = not performance.failed and all(segment.complete for segment in result.segments)
    assert ("complete" if is_whole else "partial") == result.status


def _is_in(tone: Heard, segment: SpokenSegment) -> bool:
    return segment.start <= (tone.start + tone.end) / 2 < segment.end


def check_bounded(performance: Performance) -> None:
    """Nobody is asked for a segment again and again."""
    started = performance.observer.of(AttemptStarted)
    asked = Counter((event.segment, event.engine) for event in started)
    assert max(asked.values()) <= MOST_TRIES
    for script in performance.scripts:
        tries = sum(event.engine == script.info.title for event in started)
        assert script.called("synthesize") <= tries


def check_fair_health(performance: Performance) -> None:
    """Nothing is held against an engine that is well."""
    ill = {event.engine for event in performance.observer.of(EngineHealthChanged)}
    failed = {event.engine for event in performance.observer.of(AttemptFailed)}
    assert not (ill | failed).intersection(performance.faultless)


def check_nothing_left(performance: Performance) -> None:
    """Every model is given back once, and no thread is left."""
    wait_until(lambda: not threads_at_work())
    for script in performance.scripts:
        assert [] == script.misuses
        assert (script.loads, 0) == (script.unloads, script.loaded)
