# ruff: noqa: INP001  # benchmarks are no package
"""What Utterly costs: per segment, per chunk, and for a first choice that does not work.

Run it on an idle machine: `python benchmarks/overhead.py [--json]`. Every value is a median. The
engines do nothing but hand out ready-made audio, so that all that is measured is Utterly.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median

import numpy as np

from utterly import Audio, Context, EngineInfo, Policy, Speaker, hookimpl
from utterly.health_book import book
from utterly.testing import register_engine

RUNS = 30
SEGMENTS = 20
CHUNKS = 50
DEADLINE = 0.1
TEXT = " ".join(f"Sentence {number}." for number in range(SEGMENTS))
CHUNK = Audio(np.full(2_400, 0.1, np.float32), 24_000)
HASTE = Policy(first_audio_local_seconds=DEADLINE)


class Engine:
    """What all engines here have in common."""

    utterly_api = 1

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts."""
        return EngineInfo("Benchmark", "local", ("en",), 24_000, streams=True)


class Ready(Engine):
    """Hands out ready-made audio."""

    def __init__(self, chunks: int) -> None:
        self._chunks = [CHUNK] * chunks

    @hookimpl
    def synthesize(self) -> Iterator[Audio]:
        """The same audio for every text."""
        yield from self._chunks


class Dead(Engine):
    """Fails at once."""

    @hookimpl
    def synthesize(self) -> Iterator[Audio]:
        """Nothing."""
        raise RuntimeError("dead")


class Hung(Engine):
    """Says nothing until it is told to stop."""

    @hookimpl
    def synthesize(self, context: Context) -> Iterator[Audio]:
        """Nothing in time."""
        while not context.cancelled():
            time.sleep(0.001)
        yield CHUNK


@dataclass(frozen=True)
class Value:
    """One result.

    Attributes:
        name: What it is, in a few words.
        milliseconds: The median.
        target: What it may be at most, in milliseconds; `None` where nothing is promised.
    """

    name: str
    milliseconds: float
    target: float | None = None

    def __str__(self) -> str:
        """The line to print."""
        promise = "" if self.target is None else f"  (target: {self.target:g} ms)"
        return f"{self.name:<58}{self.milliseconds:8.3f} ms{promise}"


def main() -> None:
    """Measure, and print."""
    # The log's own output is none of what is measured.
    logging.getLogger("utterly").addHandler(logging.NullHandler())
    values = list(measure())
    if "--json" in sys.argv[1:]:
        print(json.dumps([asdict(value) for value in values], indent=2))  # noqa: T201  # its result
    else:
        print(*values, sep="\n")  # noqa: T201  # as above


def measure() -> Iterator[Value]:
    """All results."""
    with (
        register_engine(Ready(1), "ready"),
        register_engine(Ready(CHUNKS), "chunked"),
        register_engine(Dead(), "dead"),
        register_engine(Hung(), "hung"),
        Speaker("ready") as speaker,
        Speaker("ready", policy=HASTE) as hasty,
    ):
        one = compare(
            lambda: speaker.say(TEXT, engines="ready"), lambda: speak_directly(Ready(1), SEGMENTS)
        )
        many = compare(
            lambda: speaker.say(TEXT, engines="chunked"),
            lambda: speak_directly(Ready(CHUNKS), SEGMENTS),
        )
        single = compare(lambda: speaker.say("One."), lambda: speak_directly(Ready(1), 1))
        yield Value("a segment of one chunk", one / SEGMENTS, 0.3)
        yield Value(f"a segment of {CHUNKS} chunks", many / SEGMENTS)
        yield Value("each further chunk", (many - one) / SEGMENTS / (CHUNKS - 1))
        yield Value("a whole request of one segment", single)
        yield Value("first audio of a stream", compare(lambda: hear_first(speaker, "ready")))
        yield from measure_failures(speaker, hasty)


def measure_failures(speaker: Speaker, hasty: Speaker) -> Iterator[Value]:
    """What a first choice that does not work costs more than one that does."""

    def say(engines: str, *, speaker: Speaker = speaker) -> Callable[[], object]:
        return lambda: speaker.say("One.", engines=engines)

    alone = say("ready")
    dead = compare(say("dead,ready"), alone, before=book.forget)
    live = compare(
        lambda: hear_first(speaker, "dead,ready"),
        lambda: hear_first(speaker, "ready"),
        before=book.forget,
    )
    hung = compare(say("hung,ready", speaker=hasty), alone, before=book.forget)
    open_circuit(say("dead,ready"))
    left_alone = compare(say("dead,ready"), alone)
    yield Value("a dead first choice", dead, 10.0)
    yield Value("a dead first choice, until the first audio of a stream", live, 10.0)
    yield Value("a dead first choice whose circuit is open", left_alone, 1.0)
    yield Value("a hung first choice, beyond its deadline", hung - 1000 * DEADLINE, 10.0)


def compare(
    work: Callable[[], object],
    baseline: Callable[[], object] = lambda: None,
    *,
    before: Callable[[], object] = lambda: None,
) -> float:
    """How much longer one thing takes than another, in milliseconds.

    Both are done in turn, so that a machine that slows down slows both.

    Args:
        work: What is measured.
        baseline: What it is compared with.
        before: Done before each, and not measured.
    """
    work()
    baseline()
    differences = [measure_time(work, before) - measure_time(baseline, before) for _ in range(RUNS)]
    return 1000 * median(differences)


def measure_time(work: Callable[[], object], before: Callable[[], object]) -> float:
    """Seconds."""
    before()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def speak_directly(engine: Ready, segments: int) -> None:
    """Take an engine's audio without Utterly."""
    for _ in range(segments):
        list(engine.synthesize())


def hear_first(speaker: Speaker, engines: str) -> None:
    """Wait for the first audio, then leave."""
    with speaker.stream("One.", engines=engines) as stream:
        next(stream)


def open_circuit(say: Callable[[], object]) -> None:
    """Let an engine fail until it is left alone."""
    for _ in range(Policy().counted_failures):
        say()


if __name__ == "__main__":
    main()
