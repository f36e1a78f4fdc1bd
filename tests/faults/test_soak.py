"""Thousands of requests with faults: nothing grows."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import random
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from tests.faults.ensemble import Ensemble, open_ensemble, threads_at_work
from tests.faults.waiting import wait_until

from utterly import (
    AllEnginesFailedError,
    OutOfMemoryError,
    Policy,
    QuotaExceededError,
    RateLimitedError,
    Speaker,
    TransientEngineError,
    UnsupportedError,
)
from utterly.health_book import HealthBook
from utterly.orchestrator import Orchestrator
from utterly.testing import Fault

# Classes, not errors: an error that was raised keeps its traceback, and all that lives there.
FAULTS = (
    Fault("before_audio", error=RuntimeError, text="Failing."),
    Fault("before_audio", error=OutOfMemoryError, text="Full."),
    Fault("before_audio", error=QuotaExceededError, text="Spent."),
    Fault("before_audio", error=RateLimitedError, text="Slower."),
    Fault("before_audio", error=TransientEngineError, text="Try again."),
    Fault("before_audio", error=UnsupportedError, text="Foreign."),
    Fault("before_audio", "nothing", text="Nothing."),
    Fault("before_audio", "integers", text="Integers."),
    Fault("before_audio", "hang", text="Hanging."),
    Fault("after_audio", "stall", after=0.1, text="Stalling."),
    Fault("after_audio", error=RuntimeError, after=0.1, text="Broken."),
    Fault("after_audio", "nan", after=0.1, text="Not a number."),
)
UNSPEAKABLE = Fault("before_audio", error=RuntimeError, text="Nobody can say this.")
WELL = ("All is well.", "Nothing is wrong.", "Two sentences. And all is well.")
TEXTS = (*[fault.text for fault in (*FAULTS, UNSPEAKABLE) if fault.text], *WELL)

PATIENCE = 0.03
SPEAKER_REQUESTS = 10
"""How many requests a speaker gets where there are many of them."""

WARM_UP = 100
SHORT, LONG = 500, 5_000
"""Requests. A request leaves dozens of objects if it leaves anything, and 40 KB of audio."""

MARGIN_OBJECTS = 8
"""Of one class: an engine may be ill or well, its model loaded or not."""

MARGIN_FILES = 4
MARGIN_BLOCKS = 4_500
"""The interpreter's cache of attribute names alone may come to hold 4,096 strings."""

MARGIN_BYTES = 16 * 1024 * 1024


class FakeClock:
    """Seconds that go by when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@dataclass(frozen=True, slots=True)
class Census:
    """What there is in the process.

    Attributes:
        objects: Tasks, sockets, threads, and everything of Utterly's, by class.
        files: Open file descriptors, like the next one only where the system tells.
        resident: Bytes of memory that the process has, native libraries included.
        blocks: How many blocks of memory Python has allocated.
    """

    objects: Counter[str]
    files: int
    resident: int
    blocks: int

    @classmethod
    def take(cls) -> Census:
        """Count, once everything is quiet."""
        gc.collect()
        found = Counter(
            type(thing).__qualname__
            for thing in gc.get_objects()
            if issubclass(type(thing), (asyncio.Task, socket.socket, Thread))
            or str(type(thing).__module__).startswith("utterly.")
        )
        return cls(found, _count_files(), _measure_memory(), sys.getallocatedblocks())

    def growth(self, before: Census) -> dict[str, int]:
        """What has grown beyond the margins, and by how much."""
        pairs = {
            "files": (self.files - before.files, MARGIN_FILES),
            "resident": (self.resident - before.resident, MARGIN_BYTES),
            "blocks": (self.blocks - before.blocks, MARGIN_BLOCKS),
        }
        for name, count in self.objects.items():
            pairs[name] = (count - before.objects[name], MARGIN_OBJECTS)
        return {name: grown for name, (grown, margin) in pairs.items() if grown > margin}


def _count_files() -> int:
    folder = Path("/dev/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def _measure_memory() -> int:
    pages = Path("/proc/self/statm")
    if not pages.exists():
        return 0
    return int(pages.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Soak:
    """Requests without end, through engines that fail in every way.

    Args:
        ensemble: The engines.
        clock: Of their health.
    """

    def __init__(self, ensemble: Ensemble, clock: FakeClock) -> None:
        self._clock = clock
        self._random = random.Random(1)  # noqa: S311  # the same requests in every run
        self.scripts = [
            ensemble.install("first", *FAULTS, UNSPEAKABLE),
            ensemble.install("second", *FAULTS, UNSPEAKABLE, is_async=True),
            ensemble.install("third", UNSPEAKABLE, is_async=True),
        ]

    def open_speaker(self) -> Speaker:
        """A speaker that is not patient."""
        return Speaker(
            [script.info.title for script in self.scripts],
            policy=Policy(first_audio_local_seconds=PATIENCE, stall_seconds=PATIENCE),
        )

    def speak(self, speaker: Speaker, count: int) -> None:
        """Have many texts spoken, some of them live; time goes by between them."""
        for _number in range(count):
            text, live = self._random.choice(TEXTS), self._random.random() < 0.5
            with suppress(AllEnginesFailedError):
                if live:
                    with speaker.stream(text) as stream:
                        list(stream)
                else:
                    speaker.say(text)
            self._clock.now += self._random.expovariate(1 / 20)
            for script in self.scripts:
                script.calls.clear()
                script.requests.clear()


@pytest.fixture
def soak(monkeypatch: pytest.MonkeyPatch) -> Iterator[Soak]:
    """Engines on a clock of ours."""
    logging.getLogger("utterly").setLevel(logging.CRITICAL)  # pytest keeps what is logged
    clock = FakeClock()
    on_clock = partial(Orchestrator, health=HealthBook(clock))
    monkeypatch.setattr("utterly.requests.Orchestrator", on_clock)
    with open_ensemble() as ensemble, ExitStack() as stack:
        soak = Soak(ensemble, clock)
        for script in soak.scripts:
            stack.enter_context(script)
        yield soak


@pytest.fixture(
    params=[SHORT, pytest.param(LONG, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def count(request: pytest.FixtureRequest) -> int:
    """How many requests."""
    number: int = request.param
    return number


def test_one_speaker_does_not_grow(soak: Soak, count: int) -> None:
    """A speaker that lives long keeps nothing of its requests, however they went."""
    with soak.open_speaker() as speaker:
        soak.speak(speaker, WARM_UP)
        before = take_census()
        soak.speak(speaker, count)
        after = take_census()

    assert {} == after.growth(before)


def test_many_speakers_leave_nothing(soak: Soak, count: int) -> None:
    """A speaker that was closed is gone, with its models, loops and threads."""
    speak_with_many(soak, WARM_UP)
    before = take_census()
    speak_with_many(soak, count)
    after = take_census()

    assert {} == after.growth(before)
    assert [] == threads_at_work()


def speak_with_many(soak: Soak, count: int) -> None:
    """A new speaker every few requests."""
    for _number in range(count // SPEAKER_REQUESTS):
        with soak.open_speaker() as speaker:
            soak.speak(speaker, SPEAKER_REQUESTS)
    wait_until(lambda: not threads_at_work())


def take_census() -> Census:
    """Count when nothing is on its way out any more."""
    threads = -1
    while threads != (threads := len(threads_at_work())):
        sleep(0.05)
    return Census.take()
