"""The command line's own help, and its exit codes, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

import click

INTRODUCTION = (
    "Standard output carries results only; progress and notices go to standard error. `--json`"
    " writes one document."
)

EXIT_CODES = {
    "COMPLETE": "everything was spoken",
    "NOTHING_SPOKEN": "nothing was spoken; `models`: what was asked for could not be done",
    "USAGE": "the command or an argument is wrong",
    "PARTLY_SPOKEN": "partly spoken; what there is lies in `NAME.partial.wav`",
    "NOT_WRITTEN": "the output cannot be written",
    "INTERRUPTED": "interrupted",
}


def describe_commands(width: int) -> Iterator[str]:
    """Help of every command as the terminal shows it, and the exit codes."""
    from utterly.cli import exits, utterly

    options = {"terminal_width": width, **utterly.context_settings}
    yield from _describe(click.Context(utterly, info_name="utterly", **options))
    rows = [f"| {getattr(exits, name)} | {meaning} |" for name, meaning in EXIT_CODES.items()]
    yield "\n".join(["## Exit codes\n", "| code | meaning |", "|---|---|", *rows])


def _describe(context: click.Context) -> Iterator[str]:
    """Help of one command, and of those below it."""
    yield f"## `{context.command_path}`\n\n{_block(context.command.get_help(context))}"
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            yield from _describe(click.Context(command, parent=context, info_name=name))


def _block(text: str) -> str:
    return f"```text\n{text}\n```"
