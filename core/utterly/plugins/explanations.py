"""Whatever a plugin raises while it is read, in words that help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from utterly.plugins.origin import Fault, Origin, one_line

if TYPE_CHECKING:
    from utterly.errors import PluginError


def explain_outdated_utterly(origin: Origin, doing: str, error: BaseException) -> Fault | None:  # noqa: ARG001  # one signature for all
    """The plugin imports something of ours that is not here."""
    if not isinstance(error, ImportError) or (error.name or "").split(".")[0] != "utterly":
        return None
    return Fault(
        f"{doing} needs what this version of utterly does not have: {message_of(error)}",
        "pip install --upgrade utterly",
    )


def explain_missing_module(origin: Origin, doing: str, error: BaseException) -> Fault | None:
    """The plugin, or what it imports, is only half installed."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    return Fault(
        f"{doing} needs the module {error.name!r}, which is not installed", origin.reinstall()
    )


def explain_exit(origin: Origin, doing: str, error: BaseException) -> Fault | None:
    """The plugin wanted to end the whole program."""
    if not isinstance(error, (SystemExit, KeyboardInterrupt)):
        return None
    return Fault(
        f"{doing} tried to end the program with {type(error).__name__}",
        origin.update_or_disable(),
    )


def explain_any_error(origin: Origin, doing: str, error: BaseException) -> Fault | None:
    """Anything else is named as it is."""
    return Fault(
        f"{doing} raised {type(error).__name__}: {message_of(error) or 'no message'}",
        origin.update_or_disable(),
    )


Explanation = Callable[[Origin, str, BaseException], Fault | None]

EXPLANATIONS: tuple[Explanation, ...] = (
    explain_outdated_utterly,
    explain_missing_module,
    explain_exit,
    explain_any_error,
)


@contextmanager
def explained(origin: Origin, doing: str) -> Iterator[None]:
    """Turn whatever the plugin raises into one line.

    Args:
        origin: The plugin.
        doing: What is going on, the subject of a sentence.

    Raises:
        PluginError: In place of any exception, those that end a program included.
    """
    try:
        yield
    except BaseException as error:
        explanation = _explain(origin, doing, error)
        if explanation is None:
            raise
        raise explanation from error


def message_of(error: BaseException) -> str:
    """The first line of an exception's message; a message may fail to be made, too."""
    try:
        return one_line(next(iter(str(error).splitlines()), ""))
    except BaseException:  # noqa: BLE001  # the plugin's own code runs here
        return ""


def _explain(origin: Origin, doing: str, error: BaseException) -> PluginError | None:
    """The error that the first fitting explanation makes."""
    for explain in EXPLANATIONS:
        fault = explain(origin, doing, error)
        if fault:
            return origin.refuse(fault)
    return None
