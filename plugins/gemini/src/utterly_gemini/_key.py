"""The API key: where it comes from, and whether it can be one."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from utterly import EngineUnavailableError, Secret

if TYPE_CHECKING:
    from utterly_gemini._settings import GeminiSettings

VARIABLES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
PAGE = "https://aistudio.google.com/apikey"

_KEY = re.compile(r"[\x21-\x7e]{20,200}\Z")
"""Anything else would not travel in a header, and the library quotes it when it complains."""


def find_key(settings: GeminiSettings) -> Secret:
    """Find the key in the settings or the environment.

    Raises:
        EngineUnavailableError: There is none, or it cannot be one; the message does not show it.
    """
    if settings.api_key:
        return _check(settings.api_key, "the setting api_key")
    for name in VARIABLES:
        if value := os.environ.get(name, "").strip():
            return _check(Secret(value), name)
    raise EngineUnavailableError(
        "Gemini needs an API key",
        mend=f"make one at {PAGE} and set the environment variable GEMINI_API_KEY",
    )


def _check(key: Secret, place: str) -> Secret:
    if not _KEY.match(key.reveal()):
        raise EngineUnavailableError(
            f"the API key in {place} is malformed: it has 20 to 200 letters, digits and signs"
            " without a space",
            mend=f"copy it again from {PAGE}",
        )
    return key
