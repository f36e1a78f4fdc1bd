"""Every error that Utterly raises or that an engine may raise.

::

    UtterlyError
    ├── InvalidRequestError        the caller's mistake, found before any engine was tried
    │   ├── SettingsError          a setting with a wrong name or value
    │   └── SubtitleError          a subtitle file that cannot be read
    ├── PluginError                an installed plugin that cannot be used
    ├── NoEngineError              nothing is installed to speak with
    ├── OutputError                the output cannot be written
    ├── ClosedError                the speaker was closed
    ├── RequestCancelledError      the request was cancelled
    ├── AllEnginesFailedError      no engine of the chain could speak a segment
    │   └── DubFailedError         the same of a cue; it is in `utterly.dubbing`
    └── EngineError                one engine could not speak one segment
        ├── UnsupportedError       this voice, language or feature is not here
        ├── ContentRejectedError   the engine refuses this text
        ├── RateLimitedError       too many requests; try again after a while
        ├── QuotaExceededError     nothing more until a later time
        ├── EngineUnavailableError a dependency, credential or setting is missing
        ├── ModelDownloadError     the model could not be fetched
        ├── TransientEngineError   a fault that may be gone at the next try
        ├── StageTimeoutError      a stage took longer than its deadline
        ├── IncompleteAudioError   less audio than the text needs
        ├── InvalidAudioError      what came is not audio as the contract describes it
        ├── OutOfMemoryError       the model, or this segment, does not fit into memory
        └── EngineDefectError      anything else that came out of the engine

Engines raise subclasses of `EngineError`; any other exception of theirs reaches the rest of
Utterly as an `EngineDefectError`. Messages carry no text of the user's and no key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from utterly.speech import Attempt, Speech, Stage


class UtterlyError(Exception):
    """The base of every error that Utterly raises."""


class InvalidRequestError(UtterlyError):
    """The request itself is wrong, whichever engine would speak it."""


class SettingsError(InvalidRequestError):
    """A setting has a wrong name or value.

    Attributes:
        source: Where the setting came from: `"argument"`, or the environment variable or file.
    """

    def __init__(self, message: str, *, source: str = "argument") -> None:
        super().__init__(message)
        self.source = source


class SubtitleError(InvalidRequestError):
    """A subtitle file cannot be read, and not be mended either; the line is named."""


class PluginError(UtterlyError):
    """An installed plugin cannot be used.

    Attributes:
        plugin: The plugin's name.
        distribution: The distribution that brought it, empty where there is none.
        reason: What is wrong, in one line.
        mend: What to do about it, in one line.
    """

    def __init__(self, plugin: str, distribution: str, reason: str, mend: str) -> None:
        origin = f" (from {distribution})" if distribution else ""
        super().__init__(f"plugin {plugin!r}{origin}: {reason}; {mend}")
        self.plugin = plugin
        self.distribution = distribution
        self.reason = reason
        self.mend = mend


class NoEngineError(UtterlyError):
    """No engine is installed, or none that was not turned off."""


class OutputError(UtterlyError):
    """The output cannot be written where or as it was asked for."""


class ClosedError(UtterlyError):
    """The speaker was closed and speaks no more."""


class RequestCancelledError(UtterlyError):
    """The request was cancelled; raised inside hooks by `context.progress()`."""


class AllEnginesFailedError(UtterlyError):
    """No engine of the chain could speak a segment.

    Attributes:
        attempts: Every attempt at the segment that failed, in order.
        speech: What had been spoken until then, with status `"partial"`.
    """

    def __init__(self, message: str, *, attempts: tuple[Attempt, ...], speech: Speech) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.speech = speech


class EngineError(UtterlyError):
    """One engine could not speak one segment."""


class UnsupportedError(EngineError):
    """The engine lacks this voice, language or feature; another engine may have it."""


class ContentRejectedError(EngineError):
    """The engine refuses to speak this text."""


class RateLimitedError(EngineError):
    """The engine was asked too often.

    Attributes:
        retry_after: Seconds until it may be asked again, where the engine said so.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class QuotaExceededError(EngineError):
    """The account's allowance is used up.

    Attributes:
        until: When there is more, where the engine said so; an aware time.
    """

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class EngineUnavailableError(EngineError):
    """A dependency, credential or setting is missing: trying again changes nothing.

    Attributes:
        mend: What to do about it, in one line; empty where the message says it.
    """

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(f"{message}; {mend}" if mend else message)
        self.mend = mend


class ModelDownloadError(EngineError):
    """The model could not be fetched: network, disk, permission or checksum."""


class TransientEngineError(EngineError):
    """A fault that may be gone at the next try: a 5xx, a broken socket, a name not resolved."""


class StageTimeoutError(EngineError):
    """A stage took longer than its deadline.

    Attributes:
        stage: Which one.
    """

    def __init__(self, message: str, *, stage: Stage) -> None:
        super().__init__(message)
        self.stage = stage


class IncompleteAudioError(EngineError):
    """The audio stopped early, or is too short or too quiet to hold the text."""


class InvalidAudioError(EngineError):
    """What the engine yielded is not audio as the contract describes it."""


class OutOfMemoryError(EngineError):
    """The model, or this segment, does not fit into memory."""


class EngineDefectError(EngineError):
    """The engine raised what no engine should: a defect of the plugin or of its library.

    Raised by core, never by engines. The original is its `__cause__`.

    Attributes:
        original: Name of the class that the engine raised, such as `"SystemExit"`.
    """

    def __init__(self, message: str, *, original: str) -> None:
        super().__init__(message)
        self.original = original
