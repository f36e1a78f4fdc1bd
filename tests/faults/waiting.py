"""Waiting for what other threads do, with an end to it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep
from typing import TypeVar

Result = TypeVar("Result")


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for what another thread is about to do.

    Raises:
        AssertionError: It did not.
    """
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, f"not so within {seconds} s"
        sleep(0.002)


def finish_within(seconds: float, work: Callable[[], Result]) -> Result:
    """Do work on a thread of its own, so that a hang is a failure and not the end of the tests.

    Raises:
        AssertionError: It was not done in time; anything else that the work raised.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001  # raised again below
            errors.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), f"not done within {seconds} s"
    if errors:
        raise errors[0]
    return results[0]
