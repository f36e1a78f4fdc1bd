"""Exit codes, and the one line that goes with each."""

from __future__ import annotations

import click

from utterly.errors import InvalidRequestError, OutputError, UtterlyError

COMPLETE = 0
NOTHING_SPOKEN = 1
USAGE = 2
PARTLY_SPOKEN = 3
NOT_WRITTEN = 4
INTERRUPTED = 130


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
        case KeyboardInterrupt() | click.Abort():
            click.echo("interrupted", err=True)
        case click.ClickException():
            error.show()
        case UtterlyError():
            click.echo(f"utterly: {error}", err=True)
