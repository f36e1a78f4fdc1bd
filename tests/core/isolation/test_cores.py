"""Two engines' processes on one machine do not fight over the same cores."""

from __future__ import annotations

import os
from collections.abc import Callable

import psutil
import pytest

from utterly import Speaker
from utterly.isolation.cores import choose_cores, thread_counts

Install = Callable[..., str]

needs_two_cores = pytest.mark.skipif(
    not hasattr(psutil.Process, "cpu_affinity") or (os.cpu_count() or 1) < 2,
    reason="there are no two cores to choose from",
)


@needs_two_cores
def test_processes_keep_to_cores_of_their_own(install_apart: Install) -> None:
    """The second one takes a core that the first one leaves alone."""
    settings = {}
    for name in ("apart", "aside"):
        install_apart(name)
        settings[name] = {"isolation": "process", "cores": 1}
    with Speaker("apart,aside", settings=settings) as speaker:
        speaker.prepare()
        speaker.say("One.", engines="aside")
        cores = [process.cpu_affinity() for process in psutil.Process().children()]

    assert [1, 1] == [len(kept or ()) for kept in cores]
    assert cores[0] != cores[1]


def test_libraries_are_told_how_many_threads_they_may_have() -> None:
    """Each of them looks at a variable of its own."""
    assert {"2"} == {*thread_counts(2).values()}
    assert "OMP_NUM_THREADS" in thread_counts(2)


@pytest.mark.parametrize("count", [None, 10_000])
def test_all_cores_are_no_choice(count: int | None) -> None:
    """The system knows best where there is nothing to keep to."""
    assert () == choose_cores(count)
