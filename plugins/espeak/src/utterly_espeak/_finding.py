"""Where the library is: named in the settings, in the wheel `espeakng-loader`, or the system's."""

from __future__ import annotations

import ctypes.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from utterly import EngineUnavailableError
from utterly_espeak._data_path import locate_data
from utterly_espeak._library import Library, open_library

if TYPE_CHECKING:
    from utterly_espeak._settings import EspeakSettings

_MEND = (
    "pip install espeakng-loader, or install the system's library"
    " (apt install libespeak-ng1, brew install espeak-ng)"
)


def find_library(settings: EspeakSettings) -> tuple[Library, Path]:
    """Open the first library that opens, and find its data.

    Raises:
        EngineUnavailableError: There is no library, or no data for it.
    """
    reasons: list[str] = []
    for path, data in _candidates(settings):
        try:
            library = open_library(path)
        except OSError as error:
            reasons.append(str(error))
        else:
            return library, locate_data(settings.data or data or library.default_data())
    if settings.library:
        raise EngineUnavailableError(
            f"the setting library names no library of eSpeak NG: {reasons[0]}",
            mend="let it name libespeak-ng, or leave it out",
        )
    found = f" ({'; '.join(reasons)})" if reasons else ""
    raise EngineUnavailableError(f"the library of eSpeak NG is missing{found}", mend=_MEND)


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
