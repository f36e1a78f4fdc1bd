"""What a user may set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from utterly import Secret
from utterly_gemini._models import DEFAULT_MODEL

ENDPOINT = "https://generativelanguage.googleapis.com/"

_MODEL = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}\Z")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class GeminiSettings:
    """Settings of the engine.

    Attributes:
        api_key: From Google AI Studio; where left out, that of the environment variables
            `GEMINI_API_KEY` or `GOOGLE_API_KEY`.
        model: Which model speaks.
        endpoint: Where the API is; another than Google's is for tests and gateways.
        connect_seconds: For a connection.
        read_seconds: Without a byte, before an answer counts as lost; more than the time that a
            whole segment takes to be made.

    Raises:
        ValueError: A value that cannot be right; the message says which.
    """

    api_key: Secret | None = None
    model: str = DEFAULT_MODEL
    endpoint: str = ENDPOINT
    connect_seconds: float = 5.0
    read_seconds: float = 90.0

    def __post_init__(self) -> None:
        if not _MODEL.match(self.model):
            raise ValueError(f"model must be an id such as {DEFAULT_MODEL!r}, not {self.model!r}")
        _check_endpoint(self.endpoint)
        for name in ("connect_seconds", "read_seconds"):
            if not 0 < getattr(self, name) <= 600:
                raise ValueError(f"{name} must be above 0 and at most 600")

    @property
    def destination(self) -> str:
        """Where the text goes, for people to read."""
        return "Google's servers" if self.endpoint == ENDPOINT else urlsplit(self.endpoint).netloc


def _check_endpoint(endpoint: str) -> None:
    """Refuse what would send the key in the clear, or elsewhere than it seems."""
    address = urlsplit(endpoint)
    is_safe = address.scheme == "https" or (
        address.scheme == "http" and address.hostname in _LOOPBACK
    )
    if not is_safe or not address.hostname or address.username or address.query:
        # The value is left out: it may hold a password.
        raise ValueError("endpoint must be an https address; http only on this machine")
