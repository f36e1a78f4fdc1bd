"""A request as the server reads it, whichever way the client spells its fields."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_PATH = re.compile(
    r"/(?P<version>v1\w*)/models/(?P<model>[^:/?]+)"
    r":(?P<method>generateContent|streamGenerateContent)(\?(?P<query>.*))?"
)


@dataclass(frozen=True, slots=True)
class Received:
    """One request.

    Attributes:
        model: Its id.
        streaming: Whether events were asked for.
        text: Of all parts.
        voice: The prebuilt voice.
        style: From the part's speech metadata.
        config: The whole `generationConfig`, fields in snake case.
        headers: By name in small letters.
    """

    model: str
    streaming: bool
    text: str = ""
    voice: str = ""
    style: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The API key that came with it."""
        return self.headers.get("x-goog-api-key", "")


def read_request(path: str, headers: dict[str, str], body: bytes) -> Received | None:
    """Read a request; `None` where it is for no method that there is."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    content = _snake(json.loads(body))
    config = content.get("generation_config", {})
    parts = [part for turn in content.get("contents", []) for part in turn.get("parts", [])]
    voice = config.get("speech_config", {}).get("voice_config", {})
    return Received(
        model=match["model"],
        streaming=match["method"] == "streamGenerateContent",
        text=" ".join(part.get("text", "") for part in parts),
        voice=voice.get("prebuilt_voice_config", {}).get("voice_name", ""),
        style=next((_style(part) for part in parts if _style(part)), ""),
        config=config,
        headers=headers,
    )


def _style(part: dict[str, Any]) -> str:
    style: str = part.get("speech_metadata", {}).get("style", "")
    return style


def _snake(value: Any) -> Any:
    """Spell the names of fields alike: the library mixes both ways in one body."""
    if isinstance(value, list):
        return [_snake(item) for item in value]
    if isinstance(value, dict):
        return {
            re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower(): _snake(item)
            for name, item in value.items()
        }
    return value
