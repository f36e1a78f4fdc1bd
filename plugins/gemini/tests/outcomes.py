"""What each fault of the server brings about, written from the design and not from the code."""

from __future__ import annotations

from dataclasses import dataclass

TRIES = {
    "TransientEngineError": 3,
    "IncompleteAudioError": 2,
}
"""How often one segment is tried by an engine in the cloud, where not once."""

STATES = {
    "EngineUnavailableError": "disabled",
    "RateLimitedError": "open",
    "QuotaExceededError": "open",
    "StageTimeoutError": "open",
    "TransientEngineError": "open",
}
"""The engine's health after all tries; three counted failures within a minute open it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault is called, and what it brings about.

    Attributes:
        error: Name of its class.
    """

    error: str

    @property
    def tries(self) -> int:
        """How often the segment is tried."""
        return TRIES.get(self.error, 1)

    @property
    def state(self) -> str:
        """Of the engine, afterwards."""
        return STATES.get(self.error, "closed")


def _of(error: str, *faults: str) -> dict[str, Outcome]:
    return dict.fromkeys(faults, Outcome(error))


OUTCOMES: dict[str, Outcome] = {
    **_of(
        "EngineUnavailableError",
        "bad-key", "unauthenticated", "forbidden", "wrong-country", "no-model",
    ),
    **_of("UnsupportedError", "invalid-argument"),
    **_of("RateLimitedError", "rate-limited", "rate-limited-by-header", "rate-limited-bare"),
    **_of("QuotaExceededError", "daily-quota", "no-quota"),
    **_of(
        "TransientEngineError",
        "internal-error", "unavailable", "deadline-exceeded", "bad-gateway-html", "error-midway",
        "reset", "end", "reset-midway", "end-midway",
    ),
    **_of(
        "EngineError",
        "portal-html", "missing-page-html", "redirect", "cut-json", "broken-event",
    ),
    **_of("StageTimeoutError", "hang", "hang-midway"),
    **_of(
        "ContentRejectedError", "blocked-prompt", "safety", "prohibited", "safety-midway",
    ),
    **_of(
        "IncompleteAudioError",
        "empty-object", "empty-candidates", "empty-parts", "other", "other-midway", "max-tokens",
        "max-tokens-with-audio", "unknown-reason", "text-instead", "no-data", "header-only-wav",
        "cut-wav", "silence", "no-stop", "continuation",
    ),
    **_of(
        "InvalidAudioError",
        "odd-pcm", "wrong-mime", "no-mime", "garbage-base64", "cut-base64", "cut-base64-evenly",
    ),
}  # fmt: skip
"""For every fault there is."""
