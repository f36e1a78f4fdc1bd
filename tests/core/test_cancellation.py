"""Tests of cancellation."""

from __future__ import annotations

import pytest

from utterly import Context, RequestCancelledError
from utterly.cancellation import Cancellation


def test_hook_can_have_something_done_when_it_is_cancelled() -> None:
    """What it waits for is ended, while it waits and not later."""
    cancellation, calls = Cancellation(), []
    context = Context(_cancellation=cancellation)

    with context.when_cancelled(lambda: calls.append("first")):
        pass
    with context.when_cancelled(lambda: calls.append("second")):
        cancellation.set()

    assert ["second"] == calls


def test_callbacks_are_called_once() -> None:
    """Cancelling twice wakes nobody twice."""
    cancellation, calls = Cancellation(), []

    with cancellation.calling(lambda: calls.append("called")):
        cancellation.set()
        cancellation.set()

    assert ["called"] == calls


def test_a_callback_that_comes_too_late_is_called_at_once() -> None:
    """Nobody waits for a cancellation that has been."""
    cancellation, calls = Cancellation(), []
    cancellation.set()

    with cancellation.calling(lambda: calls.append("called")):
        assert ["called"] == calls


def test_no_callback_after_its_block() -> None:
    """Who stopped waiting is not called."""
    cancellation, calls = Cancellation(), []
    with cancellation.calling(lambda: calls.append("called")):
        pass
    cancellation.set()

    assert [] == calls


def test_branch_ends_alone() -> None:
    """The end of a part of the work cancels that part only."""
    cancellation = Cancellation()
    with cancellation.branch() as part:
        pass

    assert (True, False) == (part.is_set(), cancellation.is_set())


def test_branch_ends_with_the_whole() -> None:
    """Cancelling the request cancels its parts."""
    cancellation = Cancellation()
    with cancellation.branch() as part:
        cancellation.set()

        assert part.is_set()


def test_progress_raises_when_cancelled() -> None:
    """A hook that reports progress hears of cancellation without asking."""
    cancellation = Cancellation()
    cancellation.set()

    with pytest.raises(RequestCancelledError):
        Context(_cancellation=cancellation).progress(1, 2)
