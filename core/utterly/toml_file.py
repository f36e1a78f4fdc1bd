"""TOML, whatever is wrong with it told in one way."""

from __future__ import annotations

import tomllib
from typing import Any


def parse_toml(data: bytes) -> dict[str, Any]:
    """Read a document.

    Raises:
        ValueError: It is no text in UTF-8, or not TOML; the message says why.
    """
    try:
        return tomllib.loads(data.decode())
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
