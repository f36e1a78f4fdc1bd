"""`AsyncSpeaker`: the same verbs for programs that run on asyncio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from functools import cached_property
from types import TracebackType
from typing import Self, TypeVar, Unpack
from weakref import WeakKeyDictionary

from utterly.async_bridge import run_in_thread
from utterly.async_speech_stream import AsyncSpeechStream
from utterly.cancellation import Cancellation
from utterly.dubbing.api import USUAL_FASTEST, dub_script
from utterly.dubbing.dub import Dub
from utterly.dubbing.script import Script
from utterly.engine_info import Voice
from utterly.speaker_base import SpeakerBase
from utterly.speech import Speech
from utterly.text_source import Piece, Text
from utterly.wishes import SpeechOptions

Result = TypeVar("Result")

MOST_AT_ONCE = 32
"""Requests that are worked on at the same time; the others wait without a thread of their own."""


class AsyncSpeaker(SpeakerBase):
    """Speaks through a chain of engines, for programs that run on asyncio.

    Use it as an asynchronous context manager, or await `close()`. Cancelling a task that waits for
    it cancels the speaking too.

    Its arguments are those of `SpeakerBase`.
    """

    @property
    def _turns(self) -> asyncio.Semaphore:
        """The turns on the running event loop; a program may have one loop after the other."""
        return self._turns_by_loop.setdefault(
            asyncio.get_running_loop(), asyncio.Semaphore(MOST_AT_ONCE)
        )

    @cached_property
    def _turns_by_loop(self) -> WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]:
        return WeakKeyDictionary()

    async def say(
        self,
        text: str | Iterable[Piece],
        *,
        output: str | os.PathLike[str] | None = None,
        **options: Unpack[SpeechOptions],
    ) -> Speech:
        """Speak text, as `Speaker.say` does."""

        def speak(cancellation: Cancellation) -> Speech:
            with self._requests.begin(
                options, text=text, live=False, cancellation=cancellation, output=output
            ) as request:
                return request.speak(text)

        return await self._run(speak)

    async def dub(
        self,
        script: str | os.PathLike[str] | Script,
        *,
        output: str | os.PathLike[str] | None = None,
        fastest: float = USUAL_FASTEST,
        **options: Unpack[SpeechOptions],
    ) -> Dub:
        """Speak a subtitle file, as `Speaker.dub` does."""

        def dub(cancellation: Cancellation) -> Dub:
            return dub_script(
                self._requests,
                script,
                options,
                output=output,
                fastest=fastest,
                cancellation=cancellation,
            )

        return await self._run(dub)

    def stream(
        self, text: Text, *, keep_audio: bool = True, **options: Unpack[SpeechOptions]
    ) -> AsyncSpeechStream:
        """Speak text while it is being listened to, as `Speaker.stream` does.

        Returns:
            A stream to use in an `async with` block; iterating over it gives the audio.
        """
        return AsyncSpeechStream(self._requests, self._turns, text, options, keep_audio=keep_audio)

    async def prepare(self, engines: str | Iterable[str] | None = None) -> None:
        """Download and load now, as `Speaker.prepare` does."""
        await self._run(lambda cancellation: self._requests.prepare(engines, cancellation))

    async def voices(self, engine: str, *, refresh: bool = False) -> tuple[Voice, ...]:
        """The voices of one engine, as `Speaker.voices` gives them."""
        return await self._run(lambda _cancellation: self._requests.voices(engine, refresh=refresh))

    async def close(self) -> None:
        """Cancel what is running and give the models back, as `Speaker.close` does."""
        await run_in_thread(lambda _cancellation: self._requests.close())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _run(self, work: Callable[[Cancellation], Result]) -> Result:
        async with self._turns:
            return await run_in_thread(work)
