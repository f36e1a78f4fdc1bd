"""`utterly.toml` in the working folder: the little that a folder somebody cloned may say.

It may be hostile. It is read without waiting for anything, what it may not say or says wrongly is
ignored with a notice, and nothing in it is ever an error.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from utterly.configuration import configuration_path
from utterly.errors import SettingsError
from utterly.events import Event
from utterly.personas import Persona, read_persona
from utterly.preferences import Preferences, is_name, read_preference
from utterly.settings import misfit
from utterly.toml_file import parse_toml

NAME = "utterly.toml"
USERS_ALONE = ("engines", "chain", "strict", "offline")
"""What a file of the user's may say besides."""

LARGEST = 64 * 1024
"""Bytes."""

LONGEST_LINE = 500
"""Bytes: a longer line can be made to take minutes to read."""

MOST_NOTICES = 5
LONGEST_SHOWN = 200
"""Characters of what is quoted in a notice."""


@dataclass(frozen=True, slots=True)
class PreferenceIgnored(Event):
    """A `utterly.toml` in the working folder says what it may not say, or what has no meaning.

    Attributes:
        file: The file.
        key: Which entry of it, or `"everything"`.
        reason: One line.
    """

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.key} in {self.file} is ignored: {self.reason}"


@dataclass(frozen=True, slots=True)
class FolderFile:
    """What a folder's file says, as far as it may.

    Attributes:
        path: The file, whether it exists or not.
        preferences: Voice, language and speed only.
        personas: By name.
        output: Where the command line writes to, below the folder; empty where it says nothing.
        ignored: What was left out, and why.
    """

    path: Path
    preferences: Preferences = field(default_factory=Preferences)
    personas: Mapping[str, Persona] = field(default_factory=dict)
    output: str = ""
    ignored: tuple[PreferenceIgnored, ...] = ()

    def ignore(self, key: str, reason: str) -> PreferenceIgnored:
        """Note that an entry is ignored, though nothing was wrong with it by itself."""
        return _ignore(self.path, key, reason)


def read_folder_file() -> FolderFile:
    """Read the file of the working folder; a missing one is an empty one.

    Folders above it are not looked into: who works in a folder knows what lies there, and what
    lies in a shared folder such as `/tmp` concerns nobody below it.
    """
    path = Path(NAME)
    try:
        path = path.absolute()
        if path == configuration_path().absolute():
            return FolderFile(path)  # the user named it: it is the user's file
        return _check(path, parse_toml(_read(path)))
    except FileNotFoundError:
        return FolderFile(path)
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:
        reason = str(error)
    return FolderFile(path, ignored=(_ignore(path, "everything", reason),))


def _read(path: Path) -> bytes:
    """The bytes of a plain file, without waiting for whoever writes to a pipe.

    Raises:
        OSError: It is not there or cannot be read.
        ValueError: It is something that nobody writes by hand.
    """
    if path.is_symlink():  # not every system can refuse it while opening
        raise ValueError("it is a link")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is not a plain file")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"it has more than {LARGEST // 1024} KiB")
    if max(map(len, data.splitlines()), default=0) > LONGEST_LINE:
        raise ValueError(f"it has a line of more than {LONGEST_LINE} bytes")
    return data


def _check(path: Path, document: Mapping[str, Any]) -> FolderFile:
    """Take what the file may say, and note the rest."""
    taken: dict[str, Any] = {}
    personas: dict[str, Persona] = {}
    ignored: list[PreferenceIgnored] = []
    for key, name, value in _entries(document):
        try:
            if key == "personas":
                personas[name] = read_persona(name, value, NAME)
            else:
                taken[key] = _READERS.get(key, _refuse)(key, value)
        except SettingsError as error:
            ignored.append(_ignore(path, f"{key}.{name}" if name else key, str(error)))
    output = taken.pop("output", "")
    return FolderFile(path, Preferences(NAME, **taken), personas, output, _few(path, ignored))


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each entry, and each persona as one of its own."""
    for key, value in document.items():
        if key == "personas" and isinstance(value, dict):
            yield from ((key, name, table) for name, table in value.items())
        elif key == "personas":
            yield key, "", None
        else:
            yield key, "", value


def _read_preference(key: str, value: Any) -> Any:
    return read_preference(key, value, NAME)


def _read_output(key: str, value: Any) -> str:
    """A path below the folder, whatever the system; where links lead is checked when it is used."""
    if not isinstance(value, str) or not is_name(value) or not _is_below(value):
        raise misfit(key, repr(value), "the path of a file below this folder, none hidden", NAME)
    return value


def _is_below(path: str) -> bool:
    forms = (PurePosixPath(path), PureWindowsPath(path))
    parts = {part for form in forms for part in form.parts}
    return not any(form.anchor for form in forms) and not any(
        part.startswith((".", "-")) for part in parts
    )


def _refuse(key: str, _value: Any) -> Any:
    if key in USERS_ALONE:
        raise SettingsError(f"it may only stand in your own file, {configuration_path()}")
    near = get_close_matches(key, (*_READERS, "personas"), n=1)
    raise SettingsError(f"did you mean {near[0]!r}?" if near else "it has no meaning here")


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "voice": _read_preference,
    "language": _read_preference,
    "speed": _read_preference,
    "output": _read_output,
}


def _few(path: Path, ignored: Sequence[PreferenceIgnored]) -> tuple[PreferenceIgnored, ...]:
    """So many notices as somebody reads."""
    shown, rest = ignored[:MOST_NOTICES], len(ignored) - MOST_NOTICES
    more = _ignore(path, f"the rest ({rest} entries)", "one thing after the other is wrong with it")
    return (*shown, more) if rest > 0 else tuple(shown)


def _ignore(path: Path, key: str, reason: str) -> PreferenceIgnored:
    return PreferenceIgnored(_shown(str(path)), _shown(key), _shown(reason))


def _shown(text: str) -> str:
    """A text of somebody else's, harmless on a terminal and in a log."""
    line = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:LONGEST_SHOWN])
    return line + "…" if len(text) > LONGEST_SHOWN else line
