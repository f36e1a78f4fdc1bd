"""Speaking one segment, piece by piece as the library makes it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from utterly import Audio, Word
from utterly_espeak._library import Utterance
from utterly_espeak._pitch import plan_pitch
from utterly_espeak._records import WordEvent
from utterly_espeak._samples import Resampler, read_samples
from utterly_espeak._settings import FASTEST, SLOWEST
from utterly_espeak._text import SpeakableText, make_speakable
from utterly_espeak._words import WordTracker

if TYPE_CHECKING:
    from utterly import Context, SpeechRequest
    from utterly_espeak._engine import Espeak
    from utterly_espeak._settings import EspeakSettings

SAMPLE_RATE = 22_050

Piece = tuple[bytes, list[WordEvent]]


def speak(
    settings: EspeakSettings, model: Espeak, request: SpeechRequest, context: Context
) -> Generator[Audio]:
    """Speak one segment.

    Yields:
        Audio as it is made, each with the words that are over by then.

    Raises:
        UnsupportedError: There is no such voice, variant or language.
        TransientEngineError: The library gave up.
    """
    voice = model.catalogue.choose(request, settings.variant)
    pitch = plan_pitch(request.pitch, *voice.files(model.library.data))
    rate = round(settings.words_per_minute * request.speed / pitch.resampling)
    text = make_speakable(request.text)
    utterance = Utterance(
        text.text,
        voice.name,
        min(max(rate, SLOWEST), FASTEST),
        pitch.parameter,
        pitch.range_parameter,
    )
    pieces = _pieces(model, utterance, context)
    return _audio(pieces, text, WordTracker(request.text), request.volume, pitch.resampling)


def _pieces(model: Espeak, utterance: Utterance, context: Context) -> Generator[Piece]:
    """Run the library in a thread of its own, since it hands its pieces to a callback.

    The thread never waits for the listener: the library is free again as soon as it is done. It
    stops at the next piece when nobody listens any more.
    """
    pieces: SimpleQueue[Piece | BaseException | None] = SimpleQueue()
    abandoned = Event()

    def receive(audio: bytes, words: list[WordEvent]) -> bool:
        pieces.put((audio, words))
        return not (abandoned.is_set() or context.cancelled())

    def run() -> None:
        try:
            model.library.speak(utterance, receive)
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            pieces.put(error)
        else:
            pieces.put(None)

    Thread(target=run, name="utterly-espeak", daemon=True).start()
    try:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        abandoned.set()


def _audio(
    pieces: Generator[Piece],
    text: SpeakableText,
    tracker: WordTracker,
    volume: float,
    resampling: float,
) -> Generator[Audio]:
    """Turn pieces into audio, one piece late, so that the last one brings the last words."""
    resampler = Resampler(resampling)
    frames = 0
    words: list[Word] = []
    waiting = None
    with closing(pieces):
        for data, events in pieces:
            for event in events:
                offset = text.original_offset(event.offset)
                words += tracker.follow(offset, event.seconds / resampling)
            samples = resampler.resample(read_samples(data, volume))
            if len(samples) and waiting is not None:
                yield Audio(waiting, SAMPLE_RATE, tuple(words))
                words.clear()
            if len(samples):
                waiting = samples
                frames += len(samples)
    words += tracker.finish(frames / SAMPLE_RATE)
    if waiting is not None:
        yield Audio(waiting, SAMPLE_RATE, tuple(words))
