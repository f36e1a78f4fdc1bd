"""Errors cross with their class, their message and what they carry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.core.test_reactions import every_engine_error

from utterly.errors import (
    ContentRejectedError,
    EngineCrashedError,
    EngineDefectError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    InvalidAudioError,
    ModelDownloadError,
    OutOfMemoryError,
    QuotaExceededError,
    RateLimitedError,
    RequestCancelledError,
    StageTimeoutError,
    StillPreparingError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.isolation.connection import encode
from utterly.isolation.failures import describe_failure, rebuild_failure

ERRORS: list[EngineError | RequestCancelledError] = [
    ContentRejectedError("no"),
    EngineCrashedError("gone", exit_code=-11),
    EngineDefectError("KeyError", original="KeyError"),
    EngineError("some"),
    EngineUnavailableError("missing", mend="install it"),
    IncompleteAudioError("cut"),
    InvalidAudioError("stereo"),
    ModelDownloadError("404", is_final=True),
    OutOfMemoryError("full"),
    QuotaExceededError("spent", until=datetime(2100, 1, 1, tzinfo=UTC)),
    RateLimitedError("slow down", retry_after=2.5),
    RequestCancelledError("cancelled"),
    StageTimeoutError("late", stage="load"),
    StillPreparingError("on its way"),
    TransientEngineError("503"),
    UnsupportedError("no such voice"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_error_is_the_same_on_the_other_side(error: EngineError) -> None:
    """What decides about the next engine is not lost on the way."""
    rebuilt = rebuild_failure(describe_failure(1, error))

    assert (type(error), str(error), vars(error)) == (type(rebuilt), str(rebuilt), vars(rebuilt))


def test_every_class_is_tried() -> None:
    """A new class of error is tried here, too."""
    assert {EngineError, RequestCancelledError, *every_engine_error()} == {*map(type, ERRORS)}


@pytest.mark.parametrize(
    "value", [object(), [1], {"a": 1}, b"x"], ids=lambda value: type(value).__name__
)
def test_what_a_plugin_put_into_an_error_stays_there(value: Any) -> None:
    """An attribute that has no form on the way is left out, and the error arrives."""
    failed = describe_failure(1, RateLimitedError("x", retry_after=value))

    assert encode(failed)
    assert vars(RateLimitedError("x")) == vars(rebuild_failure(failed))
