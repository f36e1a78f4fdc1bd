"""Making tracks: one task for each, which always brings it to an end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, ExitStack
from typing import Any

from utterly.async_bridge import run_in_thread
from utterly.async_speech_stream import AsyncSpeechStream
from utterly.errors import AllEnginesFailedError, UtterlyError
from utterly.events import RequestEvent, RequestStarted, SegmentSkipped, SegmentSpoken
from utterly.output_path import partial_path
from utterly.studio.dubbing import Dubbed
from utterly.studio.feed import Feed
from utterly.studio.news import Follower, News
from utterly.studio.track import Track
from utterly.studio.waveform import read_waveform
from utterly.telling import Told, explain_failure

_logger = logging.getLogger("utterly.studio")


class Making:
    """The tracks that are being made.

    Args:
        titles: Gives what people call the engines.
    """

    def __init__(self, titles: Callable[[], Mapping[str, str]]) -> None:
        self._titles = titles
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, track: Track, work: Coroutine[Any, Any, None]) -> None:
        """Have a track made."""
        task = asyncio.create_task(self._finish(track, work))
        self._tasks[track.id] = task
        task.add_done_callback(lambda _task: self._tasks.pop(track.id))

    def stop(self, track: Track) -> None:
        """Speak no more of a track; what was spoken can be heard."""
        if track.id in self._tasks:
            self._tasks[track.id].cancel()

    async def close(self) -> None:
        """Stop all."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _finish(self, track: Track, work: Coroutine[Any, Any, None]) -> None:
        """Whatever happens, the track comes to an end, and the page hears of it."""
        try:
            await work
        except asyncio.CancelledError:
            track.end("stopped")
        except AllEnginesFailedError as error:
            track.end("partial", explain_failure(error, self._titles()))
        except (UtterlyError, OSError) as error:
            track.end("partial", str(error))
        except Exception:  # a defect of ours; the page has to hear of it too
            _logger.exception("making a track failed")
            track.end("partial", "the studio failed; its log tells more")


async def record(track: Track, stream: AsyncSpeechStream, open_stream: AsyncExitStack) -> None:
    """Take down a stream, and close it.

    Raises:
        UtterlyError: As the stream raises it.
    """
    async with open_stream:
        try:
            async for chunk in stream:
                track.write(chunk.samples)
        finally:
            track.settle(stream.speech.segments)
    track.end(stream.speech.status)


async def begin_dub(
    dubbing: Coroutine[Any, Any, Dubbed], news: News, follower: Follower
) -> asyncio.Task[Dubbed]:
    """Begin to speak a subtitle file, and see that it can be read.

    Args:
        dubbing: The work.
        news: Tell when it has begun.
        follower: Who is told of its request from then on.

    Raises:
        UtterlyError: It cannot, or there is nobody to speak it.
    """
    working = asyncio.create_task(dubbing)
    try:
        async with news.expect(follower) as begun:
            beginning = asyncio.create_task(begun.wait())
            await asyncio.wait([beginning, working], return_when=asyncio.FIRST_COMPLETED)
            beginning.cancel()
        if not begun.is_set():
            await working  # it ended before it began, and says why
    except BaseException:
        working.cancel()
        raise
    return working


async def finish_dub(
    track: Track, working: asyncio.Task[Dubbed], news: News, feed: Feed, held: ExitStack
) -> None:
    """See a dub through.

    Raises:
        UtterlyError: As `Speaker.dub` raises it.
    """
    with held:
        try:
            dubbed = await working
        except asyncio.CancelledError:
            await _keep_begun(track, working)
            raise
    news.tell(feed, *(Told(remark, "warning") for remark in dubbed.remarks))
    track.adopt(*await run_in_thread(lambda _cancellation: read_waveform(track.path)))
    track.settle(dubbed.segments)
    track.end("complete" if dubbed.is_complete else "partial")


async def _keep_begun(track: Track, working: asyncio.Task[Dubbed]) -> None:
    """Stop a dub, and keep what there is of it."""
    working.cancel()
    await asyncio.wait([working])
    begun = partial_path(track.path)
    if begun.exists():
        begun.replace(track.path)
        track.adopt(*await run_in_thread(lambda _cancellation: read_waveform(track.path)))


def make_follower(track: Track, feed: Feed, stream: AsyncSpeechStream | None = None) -> Follower:
    """Who keeps a track up to date with the events of its request."""
    segments: int | None = None
    spoken = 0

    def note(event: RequestEvent) -> None:
        nonlocal segments, spoken
        if isinstance(event, RequestStarted):
            segments = event.segments
        elif isinstance(event, SegmentSpoken | SegmentSkipped):
            spoken += isinstance(event, SegmentSkipped) or event.complete
            track.share = spoken / segments if segments else 0.0
            track.settle(stream.speech.segments if stream else ())

    return Follower(feed, note, is_quiet=track.is_preview)
