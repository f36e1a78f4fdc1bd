"""What the library raises, as the error that it means.

Messages are ours, for those of the library may quote the text, and tracebacks of its frames hold
the key: nothing of the original goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from utterly import (
    EngineError,
    EngineUnavailableError,
    InvalidAudioError,
    QuotaExceededError,
    RateLimitedError,
    TransientEngineError,
    UnsupportedError,
)
from utterly_gemini._key import PAGE
from utterly_gemini._models import DEFAULT_MODEL, model_of

_SECONDS = re.compile(r"(\d{1,6}(\.\d+)?)s?")
_BAD_KEY = ("API_KEY_INVALID", "API_KEY_EXPIRED")
_DAY_BEGINS = 8
"""Daily quotas begin anew at midnight in California, in summer an hour earlier than this (UTC)."""


def translate(error: Exception, model: str) -> EngineError:
    """Say what an exception of the library's means."""
    import httpx2
    from google.genai import errors
    from pydantic import ValidationError

    if isinstance(error, errors.APIError):
        return _translate_status(error, model)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return TransientEngineError("Gemini did not answer in time")
    if isinstance(error, httpx2.TransportError | OSError):
        return TransientEngineError(f"the connection to Gemini failed ({type(error).__name__})")
    if isinstance(error, ValidationError):
        return InvalidAudioError("Gemini's answer holds audio that cannot be decoded")
    return EngineError(
        f"what came is no answer of Gemini's ({type(error).__name__});"
        " a proxy or a sign-in page may stand in between"
    )


def _translate_status(error: Any, model: str) -> EngineError:
    details = list(_details(error.details))
    if error.code == 429:
        return _too_many(details, error)
    if error.code == 408 or error.code >= 500:
        return TransientEngineError(f"Gemini is not well ({error.code})")
    if not isinstance(error.details, dict) or "error" not in error.details:
        return EngineError(f"something else than Gemini answered, with {error.code}")
    return _refused(error, details, model)


def _refused(error: Any, details: list[dict[str, Any]], model: str) -> EngineError:
    """What the API itself does not want to do."""
    code, status = error.code, error.status or ""
    if code in (401, 403) or any(detail.get("reason") in _BAD_KEY for detail in details):
        return EngineUnavailableError(
            f"Google refuses the API key ({code})", mend=f"see {PAGE}, and set GEMINI_API_KEY"
        )
    if code == 404:
        return _no_model(model)
    if status == "FAILED_PRECONDITION":
        return EngineUnavailableError(
            "Gemini is not to be had for this account or country",
            mend="see https://ai.google.dev/gemini-api/docs/available-regions, or enable billing",
        )
    return UnsupportedError(f"Gemini does not take the request ({code} {_plain(status)})")


def _too_many(details: list[dict[str, Any]], error: Any) -> EngineError:
    quotas = [entry for detail in details for entry in _dicts(detail.get("violations"))]
    if any(str(quota.get("quotaValue")) == "0" for quota in quotas):
        return QuotaExceededError("the account has no quota for this model")
    if any("perday" in str(quota.get("quotaId")).lower() for quota in quotas):
        return QuotaExceededError("the quota of this day is used up", until=_next_day())
    delays = [_seconds(detail.get("retryDelay")) for detail in details]
    headers = getattr(error.response, "headers", None) or {}
    delays.append(_seconds(headers.get("retry-after")))
    known = [delay for delay in delays if delay is not None]
    return RateLimitedError("Gemini was asked too often", retry_after=known[0] if known else None)


def _no_model(model: str) -> EngineUnavailableError:
    successor = model_of(model).successor
    other = successor if successor and successor != model else DEFAULT_MODEL
    mend = f"set model to {other}" if other != model else "pip install --upgrade utterly-gemini"
    return EngineUnavailableError(f"Google has no model {model!r} any more", mend=mend)


def _details(body: Any) -> Iterator[dict[str, Any]]:
    """The details of an error's body, whatever came in their place."""
    error = body.get("error") if isinstance(body, dict) else None
    yield from _dicts(error.get("details") if isinstance(error, dict) else None)


def _dicts(values: Any) -> list[dict[str, Any]]:
    found = values if isinstance(values, list) else []
    return [value for value in found if isinstance(value, dict)]


def _seconds(value: Any) -> float | None:
    """Read `"3.5s"` or `"7"`; not a date, which `Retry-After` may be too."""
    match = _SECONDS.fullmatch(str(value).strip())
    return float(match[1]) if match else None


def _next_day() -> datetime:
    now = datetime.now(UTC)
    begins = now.replace(hour=_DAY_BEGINS, minute=0, second=0, microsecond=0)
    return begins if begins > now else begins + timedelta(days=1)


def _plain(status: str) -> str:
    """A status of the API's; anything else is not shown."""
    return status if re.fullmatch(r"[A-Z_]{1,40}", status) else "error"
