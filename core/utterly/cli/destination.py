"""Where a result is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from utterly.audio_file import check_output
from utterly.cli.streams import free_name
from utterly.errors import OutputError
from utterly.events import Event
from utterly.folder_file import FolderFile, read_folder_file


def choose_destination(
    output: str | None, tell: Callable[[Event], None], stem: str = "speech"
) -> Path | None:
    """Take what `-o` says, else the working folder's `utterly.toml`, else `speech.wav`.

    Args:
        output: As the user wrote it.
        tell: Told why what the folder's file says is not taken.
        stem: What the last of these is called.

    Returns:
        The file; `None` for standard output.

    Raises:
        OutputError: It could not be written.
    """
    if output == "-":
        return None
    if output:
        return check_output(output)
    file = read_folder_file()
    if file.output:
        try:
            return _new_file_below(file)
        except (OutputError, OSError, ValueError) as error:
            tell(file.ignore("output", str(error)))
    return check_output(free_name(stem))


def _new_file_below(file: FolderFile) -> Path:
    """A file that is not there yet, in the folder of `utterly.toml` whatever links lie there."""
    path = Path(file.output)
    folder = file.path.parent.resolve()
    if not (folder / path).resolve().is_relative_to(folder):
        raise OutputError(f"{file.output!r} leads out of this folder")
    return free_name(str(check_output(path).with_suffix("")), path.suffix)
