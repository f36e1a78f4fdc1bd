"""A limit of memory: a process that has more is replaced between two segments."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import psutil
import pytest
from tests.faults.waiting import wait_until

import utterly.isolation.memory
from utterly import EngineUnavailableError, Speaker
from utterly.events import EngineLoading
from utterly.isolation.ending import EngineProcessEnded
from utterly.testing import RecordingObserver

Install = Callable[..., str]

GROWING = """
import os
import time
import numpy as np
from utterly import Audio, EngineInfo, hookimpl

utterly_api = 1
kept = []

@hookimpl
def describe():
    return EngineInfo("Apart", "local", ("en",), 24_000, licence="MIT")

@hookimpl
def load():
    return bytearray(os.urandom(1)) * (BASE * 2**20)

@hookimpl
def synthesize(request):
    kept.append(bytearray(os.urandom(1)) * (GROWTH * 2**20))
    yield Audio(np.full(2_400, 0.1, np.float32), 24_000)
    time.sleep(PAUSE)
"""


def growing(*, base: int = 1, growth: int = 20, pause: float = 0.0) -> str:
    """The source of an engine that keeps some memory with each segment.

    Args:
        base: What its model takes, in MB.
        growth: What it keeps with each segment, in MB.
        pause: Seconds after the audio of a segment.
    """
    source = GROWING.replace("BASE", str(base)).replace("GROWTH", str(growth))
    return source.replace("PAUSE", str(pause))


def limited(megabytes: int) -> dict[str, dict[str, object]]:
    """Settings."""
    return {"apart": {"isolation": "process", "memory_limit": megabytes}}


def resident_megabytes(processes: list[psutil.Process]) -> float:
    """The most that one of them has; one that is just being started is still a copy of this one."""
    ours = psutil.Process().cmdline()
    started = (process for process in processes if process.cmdline() != ours)
    return max((process.memory_info().rss for process in started), default=0) / 2**20


def test_process_is_replaced_between_segments(install_apart: Install) -> None:
    """It is never over its limit by more than one segment takes, and every segment is spoken."""
    name, observer = install_apart("apart", source=growing()), RecordingObserver()
    seen = []
    with Speaker(name, settings=limited(150), on_event=observer) as speaker:
        for _ in range(12):
            speech = speaker.say("One.")
            seen.append(resident_megabytes(psutil.Process().children()))
            assert [""] == [attempt.error for attempt in speech.segments[0].attempts]
        wait_until(lambda: len(psutil.Process().children()) <= 1)

    reasons = [event.reason for event in observer.of(EngineProcessEnded)]
    assert reasons
    assert all("of the 150 MB that it may have" in reason for reason in reasons)
    assert len(observer.of(EngineLoading)) >= 2
    assert max(seen) < 150 + 20 + 5


def test_next_process_loads_while_the_old_one_finishes(install_apart: Install) -> None:
    """Where memory allows, there are two for a while."""
    name = install_apart("apart", source=growing(growth=100, pause=3.0))
    with Speaker(name, settings=limited(120)) as speaker:
        speaker.prepare()
        (first,) = psutil.Process().children()
        thread = Thread(target=speaker.say, args=["One."])
        thread.start()
        wait_until(lambda: len(psutil.Process().children()) == 2)
        assert first.is_running()
        thread.join()
        wait_until(lambda: not first.is_running())

        assert 1 == len(psutil.Process().children())


def test_without_room_for_two_the_old_one_goes_first(
    install_apart: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is never more than one process, and every segment is spoken."""
    monkeypatch.setattr(utterly.isolation.memory, "_available", lambda: 0)
    name = install_apart("apart", source=growing(pause=0.3))
    counts = set()
    with Speaker(name, settings=limited(100)) as speaker:
        speaker.prepare()
        for _ in range(4):
            assert "complete" == speaker.say("One.").status
            counts.add(len(psutil.Process().children()))

    assert counts <= {0, 1}


def test_limit_below_the_model_is_refused(install_apart: Install) -> None:
    """It would have the model loaded for each sentence; what it takes is told instead."""
    name = install_apart("apart", source=growing(base=200))
    with (
        Speaker(name, settings=limited(150)) as speaker,
        pytest.raises(EngineUnavailableError, match="raise memory_limit"),
    ):
        speaker.prepare()
