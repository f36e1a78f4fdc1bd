"""What a program and the process of an engine say to each other.

Nothing is unpickled: each message has fields of plain types, which are checked as they are read.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from utterly.audio import Word
from utterly.engine_info import Voice
from utterly.request import SpeechRequest

if TYPE_CHECKING:
    from utterly.context import Context


class Message(msgspec.Struct, tag=True, array_like=True):
    """The base of all messages."""


class Setup(Message):
    """To the engine's process, first of all: which engine to run, and how.

    Attributes:
        plugin: Kind, name, distribution and target of the entry point.
        engine: Configured name.
        settings: For each place, the strongest first, the values and the place of each.
        memory: What the shared memory is opened by.
        memory_size: Its bytes.
        parent: The program's process id.
        cores: Those to keep to; none for all.
        log_level: From which on the program wants to have log records.
    """

    plugin: tuple[str, str, str, str]
    engine: str
    settings: tuple[tuple[dict[str, Any], dict[str, str]], ...]
    memory: int | str
    memory_size: int
    parent: int
    cores: tuple[int, ...]
    log_level: int


class Begin(Message):
    """Begin to call a hook.

    Attributes:
        call: A number for it.
        hook: Its name.
        offline: For its context, like the next.
        refresh: See there.
        seconds: After which it is given up.
        request: For `synthesize`.
        awaited: For the context.
    """

    call: int
    hook: str
    offline: bool
    refresh: bool
    seconds: float | None
    request: SpeechRequest | None
    awaited: bool = False

    @classmethod
    def of(cls, call: int, hook: str, context: Context, request: SpeechRequest | None) -> Begin:
        """The message about a call with this context."""
        return cls(
            call,
            hook,
            offline=context.offline,
            refresh=context.refresh,
            seconds=None if context.deadline is None else context.deadline - monotonic(),
            request=request,
            awaited=context.awaited,
        )


class Cancel(Message):
    """The result of a call is no longer wanted."""

    call: int


class Taken(Message):
    """So many frames of audio were taken out of the shared memory."""

    frames: int


class Quit(Message):
    """Come to an end."""


class Started(Message):
    """From the engine's process: it runs, and now imports the plugin.

    Attributes:
        process: Its id, which is not that of what was started where a launcher stands between.
    """

    process: int


class Introduction(Message):
    """The plugin is imported, or cannot be.

    Attributes:
        report: A `PluginReport` as a dictionary.
        hooks: What it implements.
    """

    report: dict[str, Any]
    hooks: tuple[str, ...]


class Misconfigured(Message):
    """The plugin is imported, and its settings are wrong; the fields are those of the error."""

    message: str
    source: str


class Progress(Message):
    """A hook has come this far."""

    call: int
    done: float
    total: float | None
    note: str


class Piece(Message):
    """A piece of audio, or a part of one that is long, is in the shared memory.

    Attributes:
        call: Which call it belongs to.
        start: Frame in the shared memory that it begins at.
        frames: How many there are.
        sample_rate: In Hz.
        words: Those of the piece, with its last part.
        is_last: Whether the piece ends here.
    """

    call: int
    start: int
    frames: int
    sample_rate: int
    words: tuple[Word, ...]
    is_last: bool


class Done(Message):
    """A hook has come to its end; the value is what the program may know of what it returned."""

    call: int
    value: int | tuple[Voice, ...] | None


class Failed(Message):
    """A hook has failed, and has come to its end.

    Attributes:
        call: Which one.
        error: Name of the error's class, one of ours.
        message: One line.
        attributes: What the class carries.
    """

    call: int
    error: str
    message: str
    attributes: dict[str, Any]


class Log(Message):
    """Something for the log, whose place in the program is `logger`."""

    logger: str
    level: int
    text: str


ToEngine: TypeAlias = Setup | Begin | Cancel | Taken | Quit
FromEngine: TypeAlias = (
    Started | Introduction | Misconfigured | Progress | Piece | Done | Failed | Log
)
OfCall: TypeAlias = Progress | Piece | Done | Failed
"""What belongs to one call."""
