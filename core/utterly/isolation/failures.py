"""Errors from one process to the other: by the name of their class, and what the class carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utterly.engine.faults import attributes_of, make_engine_error
from utterly.errors import EngineError, RequestCancelledError
from utterly.isolation.messages import Failed

_PLAIN = (str, int, float, datetime, type(None))


def describe_failure(call: int, error: EngineError | RequestCancelledError) -> Failed:
    """The message about an error that a hook ended with."""
    attributes = attributes_of(error) if isinstance(error, EngineError) else {}
    plain = {
        name: value
        for name, value in attributes.items()
        if isinstance(value, _PLAIN)  # a plugin may have put anything there
    }
    return Failed(call, type(error).__name__, str(error), plain)


def rebuild_failure(failed: Failed) -> EngineError | RequestCancelledError:
    """The error that a message is about."""
    if failed.error == RequestCancelledError.__name__:
        return RequestCancelledError(failed.message)
    attributes: dict[str, Any] = dict(failed.attributes)
    return make_engine_error(failed.error, failed.message, attributes)
