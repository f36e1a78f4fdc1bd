"""Text to speech that always speaks.

Engines are plugins; a chain of them never goes silent while one still works, and the result always
says who spoke what::

    import utterly

    speech = utterly.say("Hello, world.")
    speech.save("hello.wav")

Everything a plugin needs is here too: `hookimpl`, the value types and the errors. Importing this
package imports no engine, and neither numpy nor asyncio; what needs them is loaded when first used.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from utterly.audio import Audio, AudioChunk, Word
from utterly.context import Context
from utterly.engine_info import EngineInfo, Voice
from utterly.errors import (
    AllEnginesFailedError,
    ClosedError,
    ContentRejectedError,
    EngineDefectError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    InvalidAudioError,
    InvalidRequestError,
    ModelDownloadError,
    NoEngineError,
    OutOfMemoryError,
    OutputError,
    PluginError,
    QuotaExceededError,
    RateLimitedError,
    RequestCancelledError,
    SettingsError,
    StageTimeoutError,
    SubtitleError,
    TransientEngineError,
    UnsupportedError,
    UtterlyError,
)
from utterly.hookspecs import UTTERLY_API, hookimpl
from utterly.request import Source, SpeechRequest
from utterly.secret import Secret
from utterly.speech import Attempt, Speech, SpokenSegment

if TYPE_CHECKING:
    from utterly.api import dub, engines, say, stream, voices
    from utterly.async_speaker import AsyncSpeaker
    from utterly.async_speech_stream import AsyncSpeechStream
    from utterly.policy import Policy
    from utterly.speaker import Speaker
    from utterly.speech_stream import SpeechStream
    from utterly.wishes import SpeechOptions

# Without a handler Python prints warnings of its own accord; what is shown is the program's choice.
logging.getLogger("utterly").addHandler(logging.NullHandler())

__version__: str

__all__ = [
    "UTTERLY_API",
    "AllEnginesFailedError",
    "AsyncSpeaker",
    "AsyncSpeechStream",
    "Attempt",
    "Audio",
    "AudioChunk",
    "ClosedError",
    "ContentRejectedError",
    "Context",
    "EngineDefectError",
    "EngineError",
    "EngineInfo",
    "EngineUnavailableError",
    "IncompleteAudioError",
    "InvalidAudioError",
    "InvalidRequestError",
    "ModelDownloadError",
    "NoEngineError",
    "OutOfMemoryError",
    "OutputError",
    "PluginError",
    "Policy",
    "QuotaExceededError",
    "RateLimitedError",
    "RequestCancelledError",
    "Secret",
    "SettingsError",
    "Source",
    "Speaker",
    "Speech",
    "SpeechOptions",
    "SpeechRequest",
    "SpeechStream",
    "SpokenSegment",
    "StageTimeoutError",
    "SubtitleError",
    "TransientEngineError",
    "UnsupportedError",
    "UtterlyError",
    "Voice",
    "Word",
    "__version__",
    "dub",
    "engines",
    "hookimpl",
    "say",
    "stream",
    "voices",
]

_LOADED_WHEN_USED = {
    "AsyncSpeaker": "utterly.async_speaker",
    "AsyncSpeechStream": "utterly.async_speech_stream",
    "Policy": "utterly.policy",
    "Speaker": "utterly.speaker",
    "SpeechOptions": "utterly.wishes",
    "SpeechStream": "utterly.speech_stream",
    "dub": "utterly.api",
    "engines": "utterly.api",
    "say": "utterly.api",
    "stream": "utterly.api",
    "voices": "utterly.api",
}


def __getattr__(name: str) -> Any:
    """Load what is not needed by plugins only when somebody asks for it."""
    if name == "__version__":
        from importlib.metadata import version

        return version("utterly")
    if name in _LOADED_WHEN_USED:
        from importlib import import_module

        value = getattr(import_module(_LOADED_WHEN_USED[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names that are loaded when used are listed too."""
    return sorted(__all__)
