"""`AsyncSpeechStream`: audio while it is being spoken, for programs that run on asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Iterable, Iterator
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Self

from utterly.async_bridge import WIND_UP_SECONDS, call_on_loop, run_in_thread
from utterly.requests import Requests
from utterly.speech import Speech
from utterly.speech_stream import Broadcast
from utterly.text_source import Piece, Text
from utterly.wishes import SpeechOptions

if TYPE_CHECKING:
    from utterly.audio import AudioChunk


class AsyncSpeechStream:
    """Audio of one request as it is spoken; use it in an `async with` block and iterate over it.

    Leaving the block early stops the speaking and closes everything.

    Args:
        requests: The speaker's.
        turns: Limits how many requests are worked on at once.
        text: All at once, or in pieces as it arrives; an asynchronous text is read on this loop.
        options: How to speak.
        keep_audio: Whether the result has the samples.
    """

    def __init__(
        self,
        requests: Requests,
        turns: asyncio.Semaphore,
        text: Text,
        options: SpeechOptions,
        *,
        keep_audio: bool = True,
    ) -> None:
        self._requests = requests
        self._turns = turns
        self._text = text
        self._options = options
        self._keep_audio = keep_audio
        self._arrived: asyncio.Queue[AudioChunk | BaseException | None] = asyncio.Queue()
        self._broadcast: Broadcast | None = None
        self._reading: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._has_turn = False
        self._ended = False

    @property
    def number(self) -> int:
        """Number of the request in this process, as its events tell it."""
        return self._begun().number

    @property
    def speech(self) -> Speech:
        """What has been spoken: so far, or all of it once the stream has ended."""
        return self._begun().speech()

    async def close(self) -> None:
        """Stop speaking; waits two seconds at most for an engine that will not."""
        self._ended = True
        self._stop_reading()
        if self._broadcast is not None and not self._over.is_set():
            self._broadcast.stop()
            waiting = asyncio.create_task(self._over.wait())
            await asyncio.wait([waiting], timeout=WIND_UP_SECONDS)
            waiting.cancel()
            self._leave()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> AudioChunk:
        """The next piece of audio.

        Raises:
            AllEnginesFailedError: No engine could speak a segment; what came before was spoken.
            RequestCancelledError: The speaker was closed meanwhile.
        """
        if self._ended:
            raise StopAsyncIteration
        broadcast = self._broadcast or await self._begin()
        arrived = await self._arrived.get()
        if arrived is None or isinstance(arrived, BaseException):
            self._ended = True
            raise StopAsyncIteration if arrived is None else arrived
        broadcast.note_heard(arrived.segment)
        return arrived

    async def __aenter__(self) -> Self:
        if self._broadcast is None:
            await self._begin()
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def _begun(self) -> Broadcast:
        if self._broadcast is None:
            raise RuntimeError("the stream has not begun: use it in an `async with` block")
        return self._broadcast

    async def _begin(self) -> Broadcast:
        """Wait for a turn, make the request, and start to speak."""
        loop = asyncio.get_running_loop()
        await self._turns.acquire()
        self._has_turn = True
        try:
            self._broadcast = broadcast = await run_in_thread(
                lambda cancellation: Broadcast(
                    self._requests,
                    self._options,
                    self._text,
                    lambda arrived: call_on_loop(loop, self._arrive, arrived),
                    cancellation,
                    keep_audio=self._keep_audio,
                )
            )
        except BaseException:
            self._give_turn_back()
            raise
        broadcast.start(self._pieces())
        return broadcast

    def _arrive(self, arrived: AudioChunk | BaseException | None) -> None:
        self._arrived.put_nowait(arrived)
        # From now on it is the listener who sets the pace, and he must not keep others waiting.
        self._give_turn_back()
        if arrived is None or isinstance(arrived, BaseException):
            self._leave()

    def _leave(self) -> None:
        """The request is over."""
        self._over.set()
        self._give_turn_back()
        self._stop_reading()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    def _give_turn_back(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turns.release()

    def _pieces(self) -> str | Iterable[Piece]:
        """The text for the speaking thread."""
        if not isinstance(self._text, AsyncIterable):
            return self._text
        arrived: SimpleQueue[Piece | BaseException | None] = SimpleQueue()
        self._reading = asyncio.create_task(_read(self._text, arrived))
        return _take(arrived)


async def _read(
    text: AsyncIterable[Piece], arrived: SimpleQueue[Piece | BaseException | None]
) -> None:
    """Hand text on as it comes; what goes wrong with it is the request's failure."""
    ending: BaseException | None = None
    try:
        async for piece in text:
            arrived.put(piece)
    except BaseException as error:
        ending = error
        if not isinstance(error, Exception):
            raise
    finally:
        arrived.put(ending)


def _take(arrived: SimpleQueue[Piece | BaseException | None]) -> Iterator[Piece]:
    while (piece := arrived.get()) is not None:
        if isinstance(piece, BaseException):
            raise piece
        yield piece
