"""Whatever comes out of an engine, as one of the errors that the rest of Utterly knows."""

from __future__ import annotations

import logging
from pathlib import Path
from traceback import extract_tb, format_tb

from utterly.errors import (
    EngineDefectError,
    EngineError,
    InvalidRequestError,
    OutOfMemoryError,
    RequestCancelledError,
    UnsupportedError,
)

_logger = logging.getLogger("utterly.engine")


def as_engine_error(
    error: BaseException, *, cancelled: bool = False, knows_text: bool = False
) -> EngineError | RequestCancelledError:
    """Translate an exception that left a hook.

    Args:
        error: Anything, `SystemExit` and a cancellation included.
        cancelled: Whether the hook was asked to stop.
        knows_text: Whether the hook had text of the user's, which a foreign exception may quote;
            its message is then left out.
    """
    if cancelled:
        return RequestCancelledError("cancelled")
    if isinstance(error, EngineError):
        return error
    if isinstance(error, MemoryError):
        translated: EngineError = OutOfMemoryError("out of memory")
    elif isinstance(error, InvalidRequestError):
        translated = UnsupportedError(str(error))
    else:
        translated = _defect(error, knows_text)
    translated.__cause__ = error
    return translated


def name_error(error: BaseException) -> str:
    """The class to report: that of the original for what no engine should raise."""
    return error.original if isinstance(error, EngineDefectError) else type(error).__name__


def _defect(error: BaseException, knows_text: bool) -> EngineDefectError:
    name = type(error).__name__
    lines = [] if knows_text else str(error).splitlines()
    detail = f": {lines[0]}" if lines else ""
    # The log gets the way to the defect, not the exception's words: they may quote the text.
    _logger.warning("an engine raised %s\n%s", name, "".join(format_tb(error.__traceback__)))
    return EngineDefectError(f"{name}{detail}{_place(error)}", original=name)


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
