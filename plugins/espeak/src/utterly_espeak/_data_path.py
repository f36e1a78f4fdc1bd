"""The folder of the library's data, by a path that the library can take."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp

from utterly import EngineUnavailableError

LONGEST_PATH = 159
"""Bytes; the library cuts a longer one off (`N_PATH_HOME` is 160 with the closing zero)."""

_NEEDED = ("intonations", "phondata", "phonindex", "phontab")
"""Without these the library does not start."""

_short_folders: dict[Path, Path] = {}


def locate_data(folder: Path) -> Path:
    """Find the data in a folder that is it, or holds it.

    Raises:
        EngineUnavailableError: It is not there.
    """
    for candidate in (folder / "espeak-ng-data", folder):
        if all((candidate / name).is_file() for name in _NEEDED):
            return candidate
    raise EngineUnavailableError(
        f"the data of eSpeak NG is not in {folder}",
        mend="install it again (pip install --force-reinstall espeakng-loader),"
        " or let the setting data name the folder espeak-ng-data",
    )


def encode_data_path(data: Path) -> bytes:
    """Encode the path for the library; where it is too long, that of a link or copy.

    Raises:
        EngineUnavailableError: The link or copy cannot be made, or is too long too.
    """
    encoded = _encode(data)
    if len(encoded) > LONGEST_PATH:
        encoded = _encode(_shorten(data))
    if len(encoded) > LONGEST_PATH:
        raise EngineUnavailableError(
            f"eSpeak NG takes no data path over {LONGEST_PATH} bytes",
            mend="let the environment variable TMPDIR name a folder with a shorter path",
        )
    return encoded


def _encode(path: Path) -> bytes:
    # The C library of Windows opens files by names in the code page of the system.
    return str(path).encode("mbcs") if sys.platform == "win32" else os.fsencode(path)


def _shorten(data: Path) -> Path:
    """Make a link, or a copy where links are not allowed, that lasts as long as the process."""
    if data not in _short_folders:
        try:
            _short_folders[data] = _link_or_copy(data, Path(mkdtemp(prefix="utterly-espeak-")))
        except OSError as error:
            raise EngineUnavailableError(
                f"the path of eSpeak NG's data is too long, and cannot be linked: {error.strerror}",
                mend="install it in a folder with a shorter path",
            ) from error
    return _short_folders[data]


def _link_or_copy(data: Path, folder: Path) -> Path:
    short = folder / "data"
    try:
        short.symlink_to(data.absolute(), target_is_directory=True)
    except (OSError, NotImplementedError):
        shutil.copytree(data, short)
    return short


@atexit.register
def _remove_short_folders() -> None:
    for short in _short_folders.values():
        shutil.rmtree(short.parent, ignore_errors=True)


if hasattr(os, "register_at_fork"):
    # They are the parent's, which removes them when it ends.
    os.register_at_fork(after_in_child=_short_folders.clear)
