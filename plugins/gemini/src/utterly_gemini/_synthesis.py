"""One segment, from the request to audio."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from utterly import EngineError, UnsupportedError
from utterly_gemini._answer import Answer
from utterly_gemini._failures import translate
from utterly_gemini._models import model_of
from utterly_gemini._voices import check_language, find_voice

if TYPE_CHECKING:
    from utterly import Audio, SpeechRequest
    from utterly_gemini._connection import Connection

LONGEST_STREAMED = 45.0
"""Seconds of speech; streams were seen to break off after some sixty."""

_LETTERS_PER_SECOND = 12.0
_WIDE_LETTERS_PER_SECOND = 5.0
_FIRST_WIDE = "\u2e80"
"""From here on are the scripts of East Asia, whose letters are syllables."""


async def speak(connection: Connection, request: SpeechRequest) -> AsyncGenerator[Audio]:
    """Speak one segment.

    Raises:
        EngineError: Of the class that tells what went wrong. It has no cause and no context: the
            library's tracebacks hold the key.
    """
    arguments = _arguments(connection, request)
    answer = Answer()
    failure: EngineError | None = None
    try:
        async with aclosing(_responses(connection, request.text, arguments)) as responses:
            async for response in responses:
                for audio in answer.read(response):
                    yield audio
    except EngineError as error:
        raise error.with_traceback(None) from None
    except Exception as error:  # noqa: BLE001  # whatever the library raises, it is translated
        failure = translate(error, connection.settings.model)
    if failure is not None:
        # Here, and not above, so that the library's exception is not its context.
        raise failure
    for audio in answer.finish():
        yield audio


def estimate_seconds(text: str) -> float:
    """About how long a text takes to be spoken."""
    letters = [letter for letter in text if letter.isalnum()]
    wide = sum(letter >= _FIRST_WIDE for letter in letters)
    return wide / _WIDE_LETTERS_PER_SECOND + (len(letters) - wide) / _LETTERS_PER_SECOND


async def _responses(
    connection: Connection, text: str, arguments: dict[str, Any]
) -> AsyncGenerator[Any]:
    """The answer in the pieces that it comes in: one, where the text is long."""
    models = connection.client.aio.models
    if estimate_seconds(text) > LONGEST_STREAMED:
        yield await models.generate_content(**arguments)
        return
    stream: AsyncIterator[Any] = await models.generate_content_stream(**arguments)
    try:
        async for response in stream:
            yield response
    finally:
        if close := getattr(stream, "aclose", None):
            await close()


def _arguments(connection: Connection, request: SpeechRequest) -> dict[str, Any]:
    """What the library is called with.

    Raises:
        UnsupportedError: The voice, the language or the style cannot be had.
    """
    from google.genai import types

    check_language(request.language)
    name = connection.settings.model
    if request.style and not model_of(name).takes_style:
        raise UnsupportedError(f"the model {name} takes no style; {_mend(name)}")
    voice = types.PrebuiltVoiceConfig(voice_name=find_voice(request.voice))
    style = types.SpeechMetadata(style=request.style) if request.style else None
    return {
        "model": name,
        "contents": types.Content(
            role="user", parts=[types.Part(text=request.text, speech_metadata=style)]
        ),
        "config": types.GenerateContentConfig(
            response_modalities=["AUDIO"],
            speech_config=types.SpeechConfig(
                voice_config=types.VoiceConfig(prebuilt_voice_config=voice)
            ),
            # Otherwise the library asks again, without end, and joins what comes.
            automatic_continuation=False,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        ),
    }


def _mend(model: str) -> str:
    return f"set model to {model_of(model).successor}"
