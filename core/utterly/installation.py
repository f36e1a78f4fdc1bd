"""What is true of this machine, as far as speaking depends on it or a bug report needs it."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from utterly.configuration import configuration_path, read_configuration
from utterly.errors import OutputError, SettingsError
from utterly.preferences import environment_preferences

LEAST_FREE_BYTES = 2_000_000_000
"""Models take some hundred megabytes each, and twice that while they are fetched."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What.
        state: `"warning"` where something may not work, `"failed"` where it cannot.
        finding: How it is; where it is not well, with what to do about it.
    """

    name: str
    state: Literal["ok", "warning", "failed"]
    finding: str

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)


def check_installation() -> Iterator[Check]:
    """Look at everything but the engines."""
    yield check_python()
    yield check_utterly()
    yield check_settings()
    yield check_variables()
    yield check_cache()
    yield check_playback()


def check_python() -> Check:
    """Interpreter and platform."""
    version = f"{platform.python_implementation()} {platform.python_version()}"
    return Check("python", "ok", f"{version} on {platform.platform()}")


def check_utterly() -> Check:
    """Our own version, and those of all distributions that bring plugins."""
    from importlib.metadata import version

    from utterly.plugins.entries import find_entries
    from utterly.plugins.origin import KINDS

    found = {
        entry.distribution
        for kind in KINDS.values()
        for entry in find_entries(kind).accepted.values()
    }
    return Check("utterly", "ok", ", ".join([version("utterly"), *sorted(found)]))


def check_settings() -> Check:
    """The user's file and environment are right, and the file's folder can be written to."""
    path = configuration_path()
    try:
        read_configuration(path)
        environment_preferences()
    except SettingsError as error:
        return Check("settings", "failed", str(error))
    folder = _existing(path.parent)
    if not os.access(folder, os.W_OK):
        return Check("settings", "warning", f"{folder} cannot be written to; change its owner")
    return Check("settings", "ok", str(path) if _exists(path) else f"{path} (there is none yet)")


def check_variables() -> Check:
    """Names of the environment variables that Utterly reads; a value may be a key."""
    names = sorted(name for name in os.environ if name.startswith("UTTERLY_"))
    return Check("variables", "ok", ", ".join(names) or "none is set")


def check_cache() -> Check:
    """Free space where models are kept."""
    import platformdirs

    folder = platformdirs.user_cache_path("utterly", appauthor=False)
    free = shutil.disk_usage(_existing(folder)).free
    finding = f"{folder}, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Check("cache", "warning", f"{finding}: too little for another model")
    return Check("cache", "ok", finding)


def check_playback() -> Check:
    """Whether `--play` and `Speech.play()` can be heard."""
    from utterly.playback import find_device

    try:
        return Check("playback", "ok", find_device())
    except OutputError as error:
        return Check("playback", "warning", str(error))


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(path for path in (folder, *folder.parents) if _exists(path))


def _exists(path: Path) -> bool:
    """Whether it is there, as far as we may know."""
    try:
        return path.exists()
    except PermissionError:
        return False
