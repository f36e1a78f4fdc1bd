"""Tests of the daemon threads."""

from __future__ import annotations

import logging
from threading import Event, get_ident

import pytest

from utterly.engine.threads import DaemonThreads


def run(threads: DaemonThreads) -> int:
    """Run work, and tell which thread did it."""
    done, idents = Event(), []

    def work() -> None:
        idents.append(get_ident())
        done.set()

    threads.start(work)
    assert done.wait(10)
    return idents[0]


def test_a_waiting_thread_is_used_again() -> None:
    """Speaking a thousand segments does not make a thousand threads."""
    threads = DaemonThreads()

    used = {run(threads) for _ in range(50)}

    assert len(used) < 50


def test_work_never_waits_for_other_work() -> None:
    """A hung piece of work holds up nothing."""
    threads, release = DaemonThreads(), Event()
    threads.start(lambda: release.wait(10))

    try:
        assert run(threads)
    finally:
        release.set()


def test_threads_are_busy_while_they_work() -> None:
    """Not when they only wait for more."""
    threads, begun, release = DaemonThreads(), Event(), Event()

    def work() -> None:
        begun.set()
        release.wait(10)

    threads.start(work)
    assert begun.wait(10)
    busy = threads.are_busy
    release.set()
    while threads.are_busy:
        pass

    assert busy


def test_failed_work_is_logged_and_costs_no_thread(caplog: pytest.LogCaptureFixture) -> None:
    """What work raises goes to the log, and the next work runs."""
    threads = DaemonThreads()

    def fail() -> None:
        raise SystemExit(1)

    with caplog.at_level(logging.ERROR, "utterly.engine"):
        threads.start(fail)
        run(threads)

    while not caplog.records:
        pass
    assert "work on an Utterly thread failed" == caplog.records[0].message
