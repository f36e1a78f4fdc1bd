"""Which files the model has, and the SHA-256 of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from utterly import EngineUnavailableError
from utterly_kokoro._settings import REPOSITORY, REVISION
from utterly_kokoro._voices import VOICES

if TYPE_CHECKING:
    from utterly_kokoro._settings import KokoroSettings

CONFIG = "config.json"
WEIGHTS = "kokoro-v1_0.pth"

_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")
_VOICE_FILES = {f"voices/{name}.pt": name for name in VOICES}


def expected_checksums(settings: KokoroSettings) -> dict[str, str | None]:
    """The files of the model by their path in its repository, `None` where only the hub knows.

    Raises:
        EngineUnavailableError: The file that the settings name cannot be read, is no such file, or
            lacks the model.
    """
    is_hexgrads = (settings.repository, settings.revision) == (REPOSITORY, REVISION)
    if settings.checksums is None and not is_hexgrads:
        return dict.fromkeys((CONFIG, WEIGHTS, *_VOICE_FILES))
    listed = _read_checksums(settings.checksums)
    expected: dict[str, str | None] = {
        name: listed[name] for name in (CONFIG, WEIGHTS, *_VOICE_FILES) if name in listed
    }
    if not {CONFIG, WEIGHTS} <= set(expected) or not voices_in(expected):
        raise _refusal(f"{str(settings.checksums)!r} lacks {CONFIG}, {WEIGHTS} or all voices")
    return expected


def voices_in(names: Mapping[str, object]) -> dict[str, str]:
    """The voices among files, best first: their names, and their paths in the repository."""
    return {voice: name for name, voice in _VOICE_FILES.items() if name in names}


def _read_checksums(path: Path | None) -> Mapping[str, str]:
    """Read a file as `sha256sum` writes it; `None` is the one of hexgrad's files, as published."""
    try:
        text = (path or files(__package__) / "SHA256SUMS").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineUnavailableError(
            f"the file of the setting checksums cannot be read ({type(error).__name__})",
            mend="let it name a file as sha256sum writes it, or leave it out",
        ) from error
    matches = [_LINE.fullmatch(line) for line in text.splitlines() if line.strip()]
    found = {match[2].removeprefix("./"): match[1].lower() for match in matches if match}
    if len(found) != len(matches) or not found:
        raise _refusal(f"{str(path)!r} is not a file as sha256sum writes it")
    return found


def _refusal(reason: str) -> EngineUnavailableError:
    return EngineUnavailableError(
        reason, mend=f"write it with `sha256sum {CONFIG} {WEIGHTS} voices/*.pt`"
    )
