"""Work on the network followed from outside: it may hang in any call, and we do not."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Thread
from time import monotonic
from typing import Generic, TypeVar

CONNECT_SECONDS = 3.0
"""After this, there is no network."""
SILENT_SECONDS = 20.0
"""After this without a byte, nothing more comes."""
_LOOK_SECONDS = 0.1

Item = TypeVar("Item")


class NetworkError(Exception):
    """Something is wrong on the way to the hub, or with it."""


class NotConnectedError(NetworkError):
    """Nobody answered in time."""


class SilentError(NetworkError):
    """Who had answered stopped sending."""


class BrokenError(NetworkError):
    """What the client raised is its cause: each generation of the library has another client."""

    @property
    def names(self) -> set[str]:
        """The names of the cause's classes."""
        return {each.__name__ for each in type(self.__cause__).__mro__}


class Connection:
    """Whether the request of the moment has found its server.

    Its `trace` is for `extensions={"trace": …}` of a request: the client tells it every step,
    https://www.encode.io/httpcore/extensions/#trace.
    """

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A request begins."""
        self._is_made = False
        self.since = monotonic()

    def trace(self, step: str, _details: object) -> None:
        """Take one step; what is sent has somebody to go to."""
        if step.endswith("send_request_headers.started") and not self._is_made:
            self._is_made = True
            self.since = monotonic()

    def check(self) -> None:
        """Give up when it is time.

        Raises:
            NotConnectedError: No connection within 3 seconds.
            SilentError: Nothing for 20 seconds.
        """
        passed = monotonic() - self.since
        if not self._is_made and passed > CONNECT_SECONDS:
            raise NotConnectedError
        if passed > SILENT_SECONDS:
            raise SilentError


class _Follower(Generic[Item]):
    """The thread that works, and what it has brought."""

    def __init__(self, work: Callable[[Connection], Generator[Item, None, None]]) -> None:
        self.connection = Connection()
        self.given_up = Event()
        self.queue: Queue[tuple[Item] | BaseException | None] = Queue(maxsize=8)
        self._work = work

    def run(self) -> None:
        """Work until the end, or until nobody wants it any more."""
        end: BaseException | None = None
        items = self._work(self.connection)
        try:
            while not self.given_up.is_set():
                self._put((next(items),))
        except StopIteration:
            pass
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            end = error
        finally:
            with suppress(Exception):  # the connection may be broken already
                items.close()
            self._put(end)

    def _put(self, entry: tuple[Item] | BaseException | None) -> None:
        while not self.given_up.is_set():
            with suppress(Full):
                self.queue.put(entry, timeout=_LOOK_SECONDS)
                return


def follow(
    work: Callable[[Connection], Generator[Item, None, None]], tick: Callable[[], object]
) -> Iterator[Item]:
    """Have work done on a daemon thread, and take what it yields.

    Args:
        work: Told of the connection that it is to keep informed; it may hang.
        tick: Called ten times a second; what it raises ends all.

    Raises:
        NetworkError: What `Connection.check` or the work raised; anything else that came out of
            the work as `BrokenError`.
    """
    follower = _Follower(work)
    Thread(target=follower.run, name="utterly-download", daemon=True).start()
    next_look = 0.0
    try:
        while True:
            if monotonic() >= next_look:
                tick()
                next_look = monotonic() + _LOOK_SECONDS
            try:
                entry = follower.queue.get(timeout=_LOOK_SECONDS)
            except Empty:
                follower.connection.check()
                continue
            follower.connection.since = monotonic()
            if entry is None:
                return
            if isinstance(entry, NetworkError):
                raise entry
            if isinstance(entry, BaseException):
                raise BrokenError from entry
            yield entry[0]
    finally:
        follower.given_up.set()
