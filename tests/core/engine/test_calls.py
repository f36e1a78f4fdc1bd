"""Tests of one hook call, blocking and async."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Event, current_thread
from typing import Any

import pytest

from utterly import EngineDefectError, RequestCancelledError, TransientEngineError
from utterly.cancellation import Cancellation
from utterly.engine.calls import Call
from utterly.engine.loop import EngineLoop


@pytest.fixture(scope="module")
def loop() -> Iterator[EngineLoop]:
    """An engine's event loop."""
    loop = EngineLoop("test")
    yield loop
    loop.close()


def start(
    hook: Callable[[], Any],
    loop: EngineLoop,
    *,
    is_async: bool = False,
    cancellation: Cancellation | None = None,
    **options: Any,
) -> Call:
    """Start a call."""
    call = Call(hook, loop=lambda: loop, cancellation=cancellation or Cancellation(), **options)
    return call.start(is_async=is_async)


def count() -> Iterator[int]:
    """Yield a few items."""
    yield from (1, 2, 3)


async def count_async() -> AsyncIterator[int]:
    """Yield a few items with pauses."""
    for number in (1, 2, 3):
        await asyncio.sleep(0)
        yield number


async def answer_async() -> int:
    """Return a value after a pause."""
    await asyncio.sleep(0)
    return 42


async def iterate_later() -> Iterator[int]:
    """Return an ordinary iterator after a pause."""
    await asyncio.sleep(0)
    return count()


@pytest.mark.parametrize(
    ("hook", "is_async"),
    [
        (count, False),
        (lambda: [1, 2, 3], False),
        (count_async, True),
        (count_async, False),
        (iterate_later, True),
        (iterate_later, False),
    ],
    ids=["generator", "list", "async", "async-unmarked", "awaited", "awaited-unmarked"],
)
def test_items_come_alike_from_every_kind_of_hook(
    loop: EngineLoop, hook: Callable[[], Any], is_async: bool
) -> None:
    """The reader sees no difference between blocking and async."""
    call = start(hook, loop, is_async=is_async, yields=True)

    assert [1, 2, 3] == list(call.items())


@pytest.mark.parametrize(("hook", "is_async"), [(lambda: 42, False), (answer_async, True)])
def test_result_is_what_the_hook_returns(
    loop: EngineLoop, hook: Callable[[], Any], is_async: bool
) -> None:
    """Hooks that yield nothing have one value."""
    assert 42 == start(hook, loop, is_async=is_async).result()


def test_blocking_hook_runs_on_a_daemon_thread(loop: EngineLoop) -> None:
    """A hung engine cannot hold up the end of the program."""
    assert start(lambda: current_thread().daemon, loop).result()


@pytest.mark.parametrize(
    "error",
    [SystemExit(3), KeyboardInterrupt(), GeneratorExit(), asyncio.CancelledError(), KeyError()],
)
@pytest.mark.parametrize("is_async", [False, True])
def test_whatever_a_hook_raises_becomes_an_engine_error(
    loop: EngineLoop, error: BaseException, is_async: bool
) -> None:
    """Not even an exit or a cancellation that nobody asked for gets past the call."""

    def fail() -> None:
        raise error

    async def fail_async() -> None:
        raise error

    with pytest.raises(EngineDefectError) as caught:
        start(fail_async if is_async else fail, loop, is_async=is_async).result()

    assert type(error).__name__ == caught.value.original


def test_engine_error_passes_as_it_is(loop: EngineLoop) -> None:
    """What engines are meant to raise is not dressed up."""
    error = TransientEngineError("busy")

    def fail() -> Iterator[int]:
        yield 1
        raise error

    items = start(fail, loop, yields=True).items()

    assert 1 == next(items)
    with pytest.raises(TransientEngineError) as caught:
        next(items)
    assert error is caught.value


def test_none_instead_of_items_is_a_defect(loop: EngineLoop) -> None:
    """A `synthesize` that forgot to yield is told so."""
    with pytest.raises(EngineDefectError, match="it should yield Audio"):
        list(start(lambda: None, loop, yields=True).items())


def test_words_of_a_foreign_error_are_left_out_where_they_may_quote_the_text(
    loop: EngineLoop,
) -> None:
    """Guarantee 8, private: no text of the user's gets into an error."""

    def fail() -> None:
        raise ValueError("cannot say canary")

    with pytest.raises(EngineDefectError) as caught:
        start(fail, loop, knows_text=True).result()

    assert "canary" not in str(caught.value)


def test_words_of_a_foreign_error_are_kept_where_there_is_no_text(loop: EngineLoop) -> None:
    """While loading, the message of the library is what helps."""

    def fail() -> None:
        raise OSError("libvoice.so: not found")

    with pytest.raises(EngineDefectError, match=r"libvoice\.so: not found"):
        start(fail, loop).result()


def test_cancelling_wakes_the_reader_of_a_blocking_hook(loop: EngineLoop) -> None:
    """A hook that cannot be stopped does not keep the one who waits."""
    release, cancellation = Event(), Cancellation()
    call = start(release.wait, loop, cancellation=cancellation)
    cancellation.set()

    try:
        with pytest.raises(RequestCancelledError):
            call.result()
    finally:
        release.set()


def test_cancelling_closes_a_blocking_iterator_at_its_next_item(loop: EngineLoop) -> None:
    """The engine's own `finally` runs when nobody wants the rest."""
    closed, go_on, cancellation = Event(), Event(), Cancellation()
    reached: list[int] = []

    def hook() -> Iterator[int]:
        try:
            for number in range(5):
                reached.append(number)
                yield number
                go_on.wait(10)
        finally:
            closed.set()

    items = start(hook, loop, yields=True, cancellation=cancellation).items()
    next(items)
    cancellation.set()
    go_on.set()

    assert closed.wait(10)
    assert [0, 1] == reached


def test_cancelling_stops_an_async_hook_where_it_waits(loop: EngineLoop) -> None:
    """On an event loop cancelling is real."""
    ended, cancellation = Event(), Cancellation()

    async def hook() -> AsyncIterator[int]:
        yield 1
        await asyncio.Event().wait()

    call = start(
        hook, loop, is_async=True, yields=True, cancellation=cancellation, on_end=ended.set
    )
    next(call.items())
    cancellation.set()

    assert ended.wait(5)


def test_the_end_is_noted_before_the_reader_hears_of_it(loop: EngineLoop) -> None:
    """A turn given back at the end is free for the reader's next call."""
    ended: list[str] = []

    def end_slowly() -> None:
        Event().wait(0.05)  # time enough for a reader who need not wait
        ended.append("end")

    call = start(count, loop, yields=True, on_end=end_slowly)

    list(call.items())

    assert ["end"] == ended
