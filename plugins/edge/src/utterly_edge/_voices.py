"""The voices: those that ship, those of a refreshed list, and which one a request means."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utterly import UnsupportedError, Voice
from utterly_edge._settings import HOST
from utterly_edge._voice_list import SHIPPED_VOICES

if TYPE_CHECKING:
    from utterly_edge._settings import EdgeSettings

_GENDERS = {"f": "female", "m": "male"}
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8}){1,2}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*Neural")


def known_voices(settings: EdgeSettings) -> tuple[Voice, ...]:
    """The refreshed list where there is one, else that which ships."""
    try:
        saved = json.loads(list_file(settings).read_text("utf-8"))
    except (OSError, ValueError):
        return shipped_voices()
    return read_voices(saved) or shipped_voices()


def shipped_voices() -> tuple[Voice, ...]:
    """The list that ships with the plugin."""
    return tuple(_shipped())


def _shipped() -> Iterator[Voice]:
    for line in SHIPPED_VOICES.splitlines():
        locale, *entries = line.split()
        for name, gender in (entry.split(":") for entry in entries):
            yield _voice(locale, f"{name}Neural", _GENDERS[gender])


def _voice(locale: str, name: str, gender: str) -> Voice:
    return Voice(f"{locale}-{name}", (locale,), name.removesuffix("Neural"), gender)


def read_voices(listed: Any) -> tuple[Voice, ...]:
    """Read the service's list, its form checked: what is odd is left out.

    Shipped voices come first, in their order, so that a refreshed list changes no default that is
    still there.
    """
    voices = {voice.id: voice for voice in filter(None, map(_read_voice, _dictionaries(listed)))}
    first = [voices.pop(voice.id) for voice in shipped_voices() if voice.id in voices]
    return (*first, *voices.values())


def _dictionaries(listed: Any) -> Iterable[dict[str, Any]]:
    return (item for item in listed if isinstance(item, dict)) if isinstance(listed, list) else ()


def _read_voice(item: dict[str, Any]) -> Voice | None:
    short, locale = str(item.get("ShortName")), str(item.get("Locale"))
    name = short.removeprefix(f"{locale}-")
    if not (_LOCALE.fullmatch(locale) and _NAME.fullmatch(name)):
        return None
    gender = str(item.get("Gender")).lower()
    return _voice(locale, name, gender if gender in _GENDERS.values() else "")


def save_list(settings: EdgeSettings, voices: Sequence[Voice]) -> None:
    """Keep a refreshed list; without a place to keep it, it lasts as long as the process."""
    items = [
        {"ShortName": voice.id, "Locale": voice.languages[0], "Gender": voice.gender.title()}
        for voice in voices
    ]
    file = list_file(settings)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, suffix=".part", delete=False
        ) as part:
            json.dump(items, part, indent=1)
        Path(part.name).replace(file)


def list_file(settings: EdgeSettings) -> Path:
    """Where the refreshed list is kept, one for each endpoint."""
    from platformdirs import user_cache_path

    if settings.voice_list:
        return settings.voice_list
    place = "" if settings.endpoint == HOST else f"-{settings.endpoint.replace(':', '-')}"
    return user_cache_path("utterly", appauthor=False) / "edge" / f"voices{place}.json"


def choose_voice(voices: Sequence[Voice], name: str, language: str) -> Voice:
    """Find the voice that a request means.

    Args:
        voices: All there are.
        name: An id, or `"default"` for the language's first.
        language: BCP 47 tag.

    Raises:
        UnsupportedError: There is none; the message names near matches.
    """
    if name == "default":
        return _default(voices, language)
    for voice in voices:
        if voice.id == name:
            return voice
    near = get_close_matches(name, [voice.id for voice in voices], n=3)
    hint = f"; near matches: {', '.join(near)}" if near else ""
    raise UnsupportedError(
        f"Edge has no voice {name!r}{hint}; for the service's own list:"
        " utterly voices --engine edge --refresh"
    )


def _default(voices: Sequence[Voice], language: str) -> Voice:
    wanted = language.lower().replace("_", "-")
    for length in range(wanted.count("-") + 1, 0, -1):
        start = "-".join(wanted.split("-")[:length])
        for voice in voices:
            if f"{voice.languages[0].lower()}-".startswith(f"{start}-"):
                return voice
    raise UnsupportedError(f"Edge has no voice for the language {language!r}")


def full_name(voice: Voice) -> str:
    """What the service calls a voice; the library knows the short form of most, not of all."""
    locale = voice.languages[0]
    name = voice.id.removeprefix(f"{locale}-")
    return f"Microsoft Server Speech Text to Speech Voice ({locale}, {name})"
