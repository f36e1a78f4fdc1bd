"""Events on their way to the pages: everybody hears of the engines, nobody of others' requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import time

from utterly.async_bridge import call_on_loop
from utterly.events import Event, RequestEnded, RequestEvent, RequestStarted
from utterly.studio.feed import Feed, Message
from utterly.studio.visitors import Visitors
from utterly.telling import Told, tell


@dataclass(frozen=True, slots=True)
class Follower:
    """Who is told of one request.

    Attributes:
        feed: The visitor's.
        note: Called with each event.
        is_quiet: Whether only trouble is told.
    """

    feed: Feed
    note: Callable[[RequestEvent], None]
    is_quiet: bool = False


class News:
    """Takes events from any thread, and tells them on the event loop.

    Args:
        visitors: Everybody.
        titles: Gives what people call the engines.
    """

    def __init__(self, visitors: Visitors, titles: Callable[[], Mapping[str, str]]) -> None:
        self._visitors = visitors
        self._titles = titles
        self._loop = asyncio.get_running_loop()
        self._followers: dict[int, Follower] = {}
        self._expecting: Follower | None = None
        self._expected = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self.engines: dict[str, Message] = {}

    def __call__(self, event: Event) -> None:
        """Take an event, on any thread."""
        call_on_loop(self._loop, self._take, event)

    def follow(self, number: int, follower: Follower) -> None:
        """A request is somebody's, before it tells its first event."""
        self._followers[number] = follower

    @asynccontextmanager
    async def expect(self, follower: Follower) -> AsyncIterator[asyncio.Event]:
        """The next request that nobody follows is somebody's.

        For requests whose number is not known before they begin. The event that it gives is set
        when one began, and then the block should end.
        """
        async with self._one_at_a_time:
            self._expecting, self._expected = follower, asyncio.Event()
            try:
                yield self._expected
            finally:
                self._expecting = None

    def tell_everybody(self, told: Told) -> None:
        """Tell all pages of everybody."""
        message = _message(told)
        if told.engine and told.state:
            self.engines[told.engine] = message
        for visitor in self._visitors:
            visitor.feed.publish(message, keep=told.is_news)

    def tell(self, feed: Feed, *notes: Told) -> None:
        """Tell one visitor."""
        for told in notes:
            feed.publish(_message(told), keep=told.is_news)

    def _take(self, event: Event) -> None:
        told = tell(event, self._titles())
        if not isinstance(event, RequestEvent):
            if told is not None:
                self.tell_everybody(told)
            return
        follower = self._follower(event)
        if follower is None:
            return
        if told is not None and not (follower.is_quiet and told.tone in ("plain", "good")):
            self.tell(follower.feed, told)
        follower.note(event)
        if isinstance(event, RequestEnded):
            del self._followers[event.request]

    def _follower(self, event: RequestEvent) -> Follower | None:
        if isinstance(event, RequestStarted) and event.request not in self._followers:
            if self._expecting is None:
                return None
            self._followers[event.request] = self._expecting
            self._expecting = None
            self._expected.set()
        return self._followers.get(event.request)


def _message(told: Told) -> Message:
    return {"type": "told", "at": time(), **told.to_dict()}
