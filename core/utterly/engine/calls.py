"""One hook call, on a thread of ours or on the engine's event loop; the caller sees one kind."""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable, Coroutine, Generator
from contextlib import closing, nullcontext
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

from utterly.cancellation import Cancellation
from utterly.engine.deadlines import NO_LIMIT, Deadline, Limit
from utterly.engine.faults import as_engine_error
from utterly.engine.threads import threads
from utterly.errors import EngineDefectError, RequestCancelledError

if TYPE_CHECKING:
    from utterly.engine.loop import EngineLoop


class _Kind(Enum):
    ITEM = auto()
    END = auto()
    ERROR = auto()
    CANCELLED = auto()


def _nothing() -> None:
    """Do nothing at the end of a call."""


class Call:
    """A hook call under way.

    What the hook yields is taken at full speed, whether or not anybody reads it yet, so that a slow
    reader never makes an engine look stalled.

    Args:
        hook: Calls the hook; what it returns may be a value, an iterable, an awaitable or an
            async iterable.
        loop: Gives the engine's event loop, for a hook that turns out to need one.
        cancellation: When set, whoever waits stops waiting, and the hook is asked to stop: a task
            is cancelled, an iterator is closed at its next item.
        yields: Whether the hook is to yield items, or else to return one value.
        knows_text: Whether the hook knows text of the user's.
        on_end: Called once when the hook is truly over, before the reader hears of it.
    """

    def __init__(
        self,
        hook: Callable[[], Any],
        *,
        loop: Callable[[], EngineLoop],
        cancellation: Cancellation,
        yields: bool = False,
        knows_text: bool = False,
        on_end: Callable[[], None] = _nothing,
    ) -> None:
        self._hook = hook
        self._loop = loop
        self._cancellation = cancellation
        self._yields = yields
        self._knows_text = knows_text
        self._on_end = on_end
        self._began = monotonic()
        self._seconds = 0.0
        self._over = Event()
        self._messages: SimpleQueue[tuple[_Kind, Any]] = SimpleQueue()

    @property
    def seconds(self) -> float:
        """How long the hook took, once it is over."""
        return self._seconds

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the hook has truly come to its end.

        Returns:
            Whether it has, within the time.
        """
        return self._over.wait(seconds)

    def start(self, *, is_async: bool) -> Call:
        """Begin; a hook that is `async def` goes to the engine's loop, without a thread."""
        if is_async:
            self._follow(self._hook())
        else:
            threads.start(self._run)
        return self

    def items(self, limit: Limit = NO_LIMIT) -> Generator[Any, None, Any]:
        """What the hook yields, as it comes.

        Args:
            limit: Asked before each wait.

        Raises:
            EngineError: The hook failed; `StageTimeoutError` where it was too slow.
            RequestCancelledError: The call was cancelled.
        """
        with self._cancellation.calling(lambda: self._messages.put((_Kind.CANCELLED, None))):
            while (message := self._next_message(limit()))[0] is _Kind.ITEM:
                yield message[1]
        kind, value = message
        if kind is _Kind.ERROR:
            raise value
        if kind is _Kind.CANCELLED:
            raise RequestCancelledError("cancelled")
        return value

    def _next_message(self, deadline: Deadline | None) -> tuple[_Kind, Any]:
        if deadline is None:
            return self._messages.get()
        try:
            return self._messages.get(timeout=max(0.0, deadline.at - monotonic()))
        except Empty:
            raise deadline.exceeded() from None

    def result(self, limit: Limit = NO_LIMIT) -> Any:
        """Wait for the value that the hook returns; raises as `items` does."""
        items = self.items(limit)
        while True:
            try:
                next(items)
            except StopIteration as end:
                return end.value

    def _run(self) -> None:
        """Call the hook on this thread, and take what it yields."""
        try:
            result = self._hook()
            if isinstance(result, Awaitable | AsyncIterable):
                self._follow(result)
                return
            if self._yields:
                self._take(result)
        except BaseException as error:  # noqa: BLE001  # whatever it is, it stays with this engine
            self._fail(error)
        else:
            self._end(_Kind.END, result)

    def _take(self, result: Any) -> None:
        items = iter(_not_none(result))
        with closing(items) if hasattr(items, "close") else nullcontext():
            for item in items:
                if self._cancellation.is_set():
                    return
                self._messages.put((_Kind.ITEM, item))

    def _follow(self, result: Awaitable[Any] | AsyncIterable[Any]) -> None:
        """Let the engine's loop do the rest."""
        self._loop().start(self._run_async(result))

    def _run_async(self, result: Any) -> Coroutine[Any, Any, None]:
        import asyncio

        async def run() -> None:
            task, loop = asyncio.current_task(), asyncio.get_running_loop()
            assert task is not None  # noqa: S101  # for the type checker: we run in a task
            try:
                with self._cancellation.calling(lambda: loop.call_soon_threadsafe(task.cancel)):
                    value = await self._take_async(result)
            except BaseException as error:  # noqa: BLE001  # as in _run
                self._fail(error)
            else:
                self._end(_Kind.END, value)

        return run()

    async def _take_async(self, result: Any) -> Any:
        if isinstance(result, Awaitable):
            result = await result
        if not self._yields:
            return result
        if not isinstance(result, AsyncIterable):
            self._take(result)
            return None
        items = aiter(result)
        try:
            async for item in items:
                self._messages.put((_Kind.ITEM, item))
        finally:
            if close := getattr(items, "aclose", None):
                await close()
        return None

    def _fail(self, error: BaseException) -> None:
        cancelled = self._cancellation.is_set()
        self._end(
            _Kind.ERROR, as_engine_error(error, cancelled=cancelled, knows_text=self._knows_text)
        )

    def _end(self, kind: _Kind, value: Any) -> None:
        self._seconds = monotonic() - self._began
        self._on_end()
        self._over.set()
        self._messages.put((kind, value))


def _not_none(result: Any) -> Any:
    if result is None:
        raise EngineDefectError(
            "synthesize() returned None; it should yield Audio", original="TypeError"
        )
    return result
