"""Whatever comes out of an engine, as one of the errors that the rest of Utterly knows.

A plugin's exception is a plugin's code: its message, its class and its attributes may all fail when
they are looked at, or not be what they should.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from traceback import extract_tb, format_tb
from typing import Any

from utterly import errors
from utterly.errors import (
    EngineDefectError,
    EngineError,
    InvalidRequestError,
    OutOfMemoryError,
    RequestCancelledError,
    UnsupportedError,
)
from utterly.plugins.origin import one_line

_logger = logging.getLogger("utterly.engine")

_OURS: dict[str, type[EngineError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, EngineError)
}

_ATTRIBUTES: dict[type[EngineError], dict[str, Any]] = {
    errors.RateLimitedError: {"retry_after": None},
    errors.QuotaExceededError: {"until": None},
    errors.EngineUnavailableError: {"mend": ""},
    errors.StageTimeoutError: {"stage": "streaming"},
    errors.ModelDownloadError: {"is_final": False},
    errors.EngineCrashedError: {"exit_code": None},
    EngineDefectError: {"original": "Exception"},
}
"""What our classes carry, with what is taken where a plugin's subclass left it out."""


def as_engine_error(
    error: BaseException, *, cancelled: bool = False, knows_text: bool = False
) -> EngineError | RequestCancelledError:
    """Translate an exception that left a hook; never raises.

    Args:
        error: Anything, `SystemExit` and a cancellation included.
        cancelled: Whether the hook was asked to stop.
        knows_text: Whether the hook had text of the user's, which a foreign exception may quote;
            its message is then left out.
    """
    if cancelled:
        return RequestCancelledError("cancelled")
    if isinstance(error, EngineError):
        return error if _is_sound(error) else _rebuild(error)
    if isinstance(error, MemoryError):
        translated: EngineError = OutOfMemoryError("out of memory")
    elif isinstance(error, InvalidRequestError):
        translated = UnsupportedError(_message(error))
    else:
        translated = _defect(error, knows_text)
    translated.__cause__ = error
    return translated


def attributes_of(error: EngineError) -> dict[str, Any]:
    """What the class of a sound error carries beside the message."""
    return {name: getattr(error, name) for name in _ATTRIBUTES.get(type(error), {})}


def make_engine_error(name: str, message: str, attributes: Mapping[str, Any]) -> EngineError:
    """One of our errors, from its parts.

    Args:
        name: Of its class; an unknown one makes an `EngineError`.
        message: As it stands: the constructor adds nothing.
        attributes: What the class carries; what is missing is taken as if a plugin had left it out.
    """
    kind = _OURS.get(name, EngineError)
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    for attribute, default in _ATTRIBUTES.get(kind, {}).items():
        setattr(error, attribute, attributes.get(attribute, default))
    return error


def name_error(error: BaseException) -> str:
    """The class to report: that of the original for what no engine should raise."""
    return error.original if isinstance(error, EngineDefectError) else type(error).__name__


def _is_sound(error: EngineError) -> bool:
    """Whether it is ours, with all that belongs to it and a message of one line."""
    expected = _ATTRIBUTES.get(type(error), {})
    return (
        type(error) in _OURS.values()
        and all(hasattr(error, name) for name in expected)
        and str(error) == _message(error)
    )


def _rebuild(error: EngineError) -> EngineError:
    """The same in the most specific of our classes, with nothing that could fail later."""
    kind = next(kind for kind in type(error).__mro__ if kind in _OURS.values())
    defaults = _ATTRIBUTES.get(kind, {})
    attributes = {name: _attribute(error, name, default) for name, default in defaults.items()}
    sound = make_engine_error(kind.__name__, _message(error), attributes)
    sound.__cause__ = error
    return sound


def _attribute(error: EngineError, name: str, default: Any) -> Any:
    try:
        return getattr(error, name, default)
    except Exception:  # noqa: BLE001  # the plugin's own code runs here
        return default


def _message(error: BaseException) -> str:
    """The message in one line, empty where it cannot be made."""
    try:
        return one_line(str(error))
    except Exception:  # noqa: BLE001  # the plugin's own code runs here
        return ""


def _defect(error: BaseException, knows_text: bool) -> EngineDefectError:
    name = type(error).__name__
    message = "" if knows_text else _message(error)
    detail = f": {message}" if message else ""
    # The log gets the way to the defect, not the exception's words: they may quote the text.
    _logger.warning("an engine raised %s\n%s", name, "".join(format_tb(error.__traceback__)))
    return EngineDefectError(f"{name}{detail}{_place(error)}", original=name)


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
