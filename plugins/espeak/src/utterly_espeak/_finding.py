"""Where the library is: named in the settings, in the wheel `espeakng-loader`, or the system's."""

from __future__ import annotations

import ctypes.util
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from utterly import EngineUnavailableError
from utterly_espeak._library import Library

if TYPE_CHECKING:
    from utterly_espeak._settings import EspeakSettings

_MEND = (
    "pip install espeakng-loader, or install the system's library"
    " (apt install libespeak-ng1, brew install espeak-ng)"
)

_libraries: dict[tuple[Path, Path | None], Library] = {}
_lock = Lock()


def find_library(settings: EspeakSettings) -> Library:
    """Find the first library that opens, and its data.

    Raises:
        EngineUnavailableError: There is no library, or no data for it.
    """
    reasons: list[str] = []
    for path, data in _candidates(settings):
        try:
            return _open(path, settings.data or data)
        except OSError as error:
            reasons.append(str(error))
    if settings.library:
        raise EngineUnavailableError(
            f"the setting library names no library of eSpeak NG: {reasons[0]}",
            mend="let it name libespeak-ng, or leave it out",
        )
    found = f" ({'; '.join(reasons)})" if reasons else ""
    raise EngineUnavailableError(f"the library of eSpeak NG is missing{found}", mend=_MEND)


def _open(path: Path, data: Path | None) -> Library:
    """Open a library with its data, once in a process."""
    with _lock:
        if (path, data) not in _libraries:
            _check_alone(path)
            _libraries[path, data] = Library(path, data)
        return _libraries[path, data]


def _check_alone(path: Path) -> None:
    """Refuse other data for a library whose state cannot be had twice."""
    for library in _libraries.values():
        if library.path == path and not library.is_private:
            raise EngineUnavailableError(
                f"eSpeak NG already speaks with the data in {library.data}",
                mend="give all engines that use it the same setting data",
            )


def _candidates(settings: EspeakSettings) -> Iterator[tuple[Path, Path | None]]:
    """Libraries, each with its data, or `None` where the library knows by itself."""
    if settings.library:
        yield settings.library, None
        return
    if wheel := _wheel_library():
        yield wheel
    if name := ctypes.util.find_library("espeak-ng"):
        yield Path(name), None


def _wheel_library() -> tuple[Path, Path] | None:
    try:
        import espeakng_loader  # type: ignore[import-untyped]  # it brings no types

        return Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
    except (ImportError, RuntimeError, OSError):
        # RuntimeError is what it raises where its data is gone.
        return None


def _forget_after_fork() -> None:
    """Locks that a thread of the parent holds stay locked in a child."""
    global _lock  # noqa: PLW0603  # as above
    _lock = Lock()
    for library in _libraries.values():
        library.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
