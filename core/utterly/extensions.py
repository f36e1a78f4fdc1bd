"""Extensions around one attempt: nested generators, and whose fault it was when one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from utterly.audio import Audio, AudioChunk
from utterly.context import Context
from utterly.engine.checks import check_audio, check_complete
from utterly.errors import UtterlyError
from utterly.request import SpeechRequest

if TYPE_CHECKING:
    from utterly.plugins import ExtensionPlugin

Speak: TypeAlias = Callable[[SpeechRequest], Iterator[AudioChunk]]
"""Speaks one segment, chunk by chunk."""


class ExtensionFault(Exception):  # noqa: N818  # not an error for users: core handles it
    """An extension failed by itself; the engine had no part in it.

    Attributes:
        extension: Its name.
        error: What it raised.
    """

    def __init__(self, extension: str, error: BaseException) -> None:
        super().__init__(extension)
        self.extension = extension
        self.error = error


def surround(
    extensions: Sequence[ExtensionPlugin],
    speak: Speak,
    *,
    engine: str,
    segment: int,
    context: Context,
) -> Speak:
    """Put extensions around an engine, the first one outermost.

    Returns:
        A function like `speak`; running it may raise `ExtensionFault` too.
    """
    for extension in reversed(extensions):
        if extension.has("around_synthesize"):
            speak = _surround_once(extension, speak, engine, segment, context)
    return speak


def _surround_once(
    extension: ExtensionPlugin, inner: Speak, engine: str, segment: int, context: Context
) -> Speak:
    def speak(request: SpeechRequest) -> Iterator[AudioChunk]:
        passing: list[BaseException] = []

        def watched(request: SpeechRequest) -> Iterator[AudioChunk]:
            passing.clear()
            try:
                yield from inner(request)
            except (UtterlyError, ExtensionFault) as error:
                passing.append(error)
                raise

        try:
            chunks = extension.call(
                "around_synthesize", engine=engine, request=request, speak=watched, context=context
            )
            yield from _checked(chunks, request, segment, engine)
        except (GeneratorExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # the extension's, unless one from inside is passing
            if passing:
                raise passing[0] from None
            raise ExtensionFault(extension.name, error) from error

    return speak


def _checked(
    chunks: Iterator[AudioChunk | Audio], request: SpeechRequest, segment: int, engine: str
) -> Iterator[AudioChunk]:
    """What an extension yields is checked as strictly as what an engine does, and stamped alike."""
    checked: list[AudioChunk] = []
    for chunk in chunks:
        audio = Audio(chunk.samples, chunk.sample_rate, chunk.words)
        rate = checked[0].sample_rate if checked else None
        checked.append(check_audio(audio, segment=segment, engine=engine, sample_rate=rate))
        yield checked[-1]
    check_complete(checked, request.text, request.speed)
