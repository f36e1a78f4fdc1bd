"""Tests of taking turns."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from utterly import RequestCancelledError
from utterly.cancellation import Cancellation
from utterly.engine.slots import Slots


def take_in_thread(slots: Slots, cancellation: Cancellation, outcome: list[str]) -> Thread:
    """Take a turn on another thread, and note how that ended."""

    def take() -> None:
        try:
            slots.take(cancellation)
            outcome.append("taken")
        except RequestCancelledError:
            outcome.append("cancelled")

    thread = Thread(target=take)
    thread.start()
    return thread


def test_turns_are_taken_while_there_are_any() -> None:
    """As many as there are slots go at once."""
    slots = Slots(2)

    slots.take(Cancellation())
    slots.take(Cancellation())


def test_the_next_turn_waits_for_one_given_back() -> None:
    """Who comes too late gets the turn of whoever finishes."""
    slots = Slots(1)
    outcome: list[str] = []
    slots.take(Cancellation())
    thread = take_in_thread(slots, Cancellation(), outcome)

    assert [] == outcome
    slots.give_back()
    thread.join(10)
    assert ["taken"] == outcome


def test_cancelled_waiting_takes_no_turn() -> None:
    """Whoever stops waiting leaves the turn to others."""
    slots, cancellation = Slots(1), Cancellation()
    outcome: list[str] = []
    slots.take(Cancellation())
    thread = take_in_thread(slots, cancellation, outcome)
    cancellation.set()
    thread.join(10)

    slots.give_back()
    slots.take(Cancellation())
    assert ["cancelled"] == outcome


def test_cancelled_before_waiting_takes_no_turn() -> None:
    """A cancellation that is already set does not wait."""
    slots, cancellation = Slots(1), Cancellation()
    slots.take(Cancellation())
    cancellation.set()

    with pytest.raises(RequestCancelledError):
        slots.take(cancellation)


def test_turns_come_in_order() -> None:
    """The one who has waited longest is next."""
    slots = Slots(1)
    slots.take(Cancellation())
    order: list[int] = []
    threads: list[Thread] = []
    for number in range(5):
        arrived = Event()

        def wait(number: int = number, arrived: Event = arrived) -> None:
            arrived.set()
            slots.take(Cancellation())
            order.append(number)
            slots.give_back()

        threads.append(Thread(target=wait))
        threads[-1].start()
        arrived.wait(10)
        while len(slots._waiting) <= number:  # noqa: SLF001  # nothing public tells who waits
            pass
    slots.give_back()
    for thread in threads:
        thread.join(10)

    assert [0, 1, 2, 3, 4] == order
