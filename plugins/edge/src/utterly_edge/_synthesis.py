"""Speaking one segment: a turn for each piece of it, decoded as it comes."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import numpy as np

from utterly import Audio, IncompleteAudioError, TransientEngineError, UnsupportedError
from utterly_edge._audio import SAMPLE_RATE, Mp3Decoder
from utterly_edge._connection import Connector, connector
from utterly_edge._faults import translated
from utterly_edge._messages import messages
from utterly_edge._prosody import Prosody
from utterly_edge._text import Piece, clean, split
from utterly_edge._voices import choose_voice, full_name
from utterly_edge._words import TICKS, WordTracker

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from utterly import Context, SpeechRequest, Voice
    from utterly_edge._engine import Edge

_SILENCE_SECONDS = 0.2


async def speak(model: Edge, request: SpeechRequest, context: Context) -> AsyncGenerator[Audio]:
    """Speak one segment.

    Yields:
        Audio as it comes, with the words that are over by then.

    Raises:
        EngineError: See `utterly_edge._faults`.
    """
    voice = choose_voice(model.voices, request.voice, request.language)
    text = clean(request.text)
    tracker = WordTracker(request.text)
    frames = 0
    for piece in split(text):
        turn = Turn(model, voice, Prosody.of(request, voice), piece, frames / SAMPLE_RATE)
        async with aclosing(turn.speak(tracker)) as chunks:
            async for samples in chunks:
                frames += len(samples)
                words = tracker.take(frames / SAMPLE_RATE)
                yield Audio(_scaled(samples, request.volume), SAMPLE_RATE, words)
    if not frames:  # nothing but punctuation
        yield Audio(np.zeros(round(_SILENCE_SECONDS * SAMPLE_RATE), np.float32), SAMPLE_RATE)
    elif not tracker.covers_text():
        context.logger.warning("the service named too few of a sentence's words: was it cut?")
    yield Audio(np.zeros(0, np.float32), SAMPLE_RATE, tracker.finish(frames / SAMPLE_RATE))


class Turn:
    """One connection, one message with text, one answer.

    Args:
        model: The engine.
        voice: Who speaks.
        prosody: How.
        piece: What.
        start: Seconds of the segment's audio before it.
    """

    def __init__(
        self, model: Edge, voice: Voice, prosody: Prosody, piece: Piece, start: float
    ) -> None:
        self._model = model
        self._voice = voice
        self._start = start
        self._received = 0
        self._communicate: Any = None
        self._text = piece.text
        self._prosody = prosody

    async def speak(self, tracker: WordTracker) -> AsyncGenerator[NDArray[np.float32]]:
        """Hand out samples; words go to the tracker.

        Raises:
            EngineError: It failed, or ended before its end.
        """
        decoder = Mp3Decoder()
        settings = self._model.settings
        try:
            async with (
                connector() as ours,
                aclosing(self._stream(ours)) as answer,
                aclosing(
                    messages(answer, settings.answer_seconds, settings.idle_seconds)
                ) as stream,
            ):
                async for message in stream:
                    if message["type"] != "audio":
                        self._follow(message, tracker)
                        continue
                    self._received += len(message["data"])
                    samples = decoder.feed(message["data"])
                    if len(samples):
                        yield samples
        except TransientEngineError as error:
            await self._look_for_voice(error)
            raise
        _check_whole(self._communicate.state, self._received)
        yield decoder.finish()

    async def _stream(self, connector: Connector) -> AsyncGenerator[Any]:
        """The library's messages, its faults as errors of Utterly's."""
        from edge_tts.drm import DRM

        skew = DRM.clock_skew_seconds
        self._communicate = self._model.library.communicate(
            self._text,
            full_name(self._voice),
            **self._prosody.arguments(),
            boundary="WordBoundary",
            connector=connector,
            proxy=self._model.library.proxy,
            connect_timeout=self._model.settings.answer_seconds,
            receive_timeout=self._model.settings.answer_seconds,
        )
        stream = self._communicate.stream()
        try:
            with translated():
                async with aclosing(stream):
                    async for message in stream:
                        yield message
                        skew = DRM.clock_skew_seconds
        finally:
            # A correction that did not help may have come from a wrong clock.
            DRM.clock_skew_seconds = skew

    async def _look_for_voice(self, error: TransientEngineError) -> None:
        """Find out whether no audio came because the voice is gone.

        Raises:
            UnsupportedError: It is gone, as the service's own list says.
        """
        from edge_tts.exceptions import NoAudioReceived

        if not isinstance(error.__cause__, NoAudioReceived):
            return
        voices = await self._model.ask_for_voices_quietly()
        if voices and self._voice.id not in {voice.id for voice in voices}:
            raise UnsupportedError(
                f"the service no longer has the voice {self._voice.id};"
                " utterly voices --engine edge --refresh"
            ) from error

    def _follow(self, message: Any, tracker: WordTracker) -> None:
        with translated():
            start, duration = message["offset"] / TICKS, message["duration"] / TICKS
            tracker.follow(message["text"], self._start + start, duration)


def _check_whole(state: Any, received: int) -> None:
    """Compare what came with what the library counts at the end of a turn.

    To the library a connection that closes in mid-speech is one that is done.
    """
    if state["cumulative_audio_bytes"] != received:
        raise IncompleteAudioError("the connection closed before the end of the speech")


def _scaled(samples: NDArray[np.float32], volume: float) -> NDArray[np.float32]:
    loud: NDArray[np.float32] = np.clip(samples * np.float32(volume), -1.0, 1.0)
    return loud
