"""Exit codes, and the one line that goes with each."""

from __future__ import annotations

from pathlib import Path

import click

from utterly.errors import InvalidRequestError, OutputError, UtterlyError
from utterly.output_path import partial_path

COMPLETE = 0
NOTHING_SPOKEN = 1
USAGE = 2
PARTLY_SPOKEN = 3
NOT_WRITTEN = 4
INTERRUPTED = 130


class InterruptedSpeech(click.Abort):
    """The user stopped the speaking; what was spoken is kept.

    Args:
        so_far: How far it came, in words.
        destination: The file that was to be written.
    """

    def __init__(self, so_far: str, destination: Path | None) -> None:
        kept = partial_path(destination) if destination and so_far else None
        place = f", kept as {kept}" if kept and kept.exists() else ""
        super().__init__(f"interrupted after {so_far}{place}" if so_far else "interrupted")


def exit_code_of(error: BaseException) -> int:
    """The exit code that an error ends the program with.

    Raises:
        BaseException: The error itself, where it is a defect: it keeps its traceback.
    """
    match error:
        case KeyboardInterrupt() | click.Abort():
            return INTERRUPTED
        case click.ClickException() | InvalidRequestError():
            return USAGE
        case OutputError():
            return NOT_WRITTEN
        case UtterlyError():
            return NOTHING_SPOKEN
        case SystemExit(code=int(code)):
            return code
    raise error


def report(error: BaseException) -> None:
    """Say on standard error what went wrong, in one line."""
    match error:
        case InterruptedSpeech():
            click.echo(f"utterly: {error}", err=True)
        case KeyboardInterrupt() | click.Abort():
            click.echo("utterly: interrupted", err=True)
        case click.ClickException():
            error.show()
        case UtterlyError():
            click.echo(f"utterly: {error}", err=True)
