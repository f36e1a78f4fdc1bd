"""Completion of commands, options and names of engines by the shell."""

from __future__ import annotations

from contextlib import suppress

import click
from click.shell_completion import CompletionItem, get_completion_class
from click.types import StringParamType

VARIABLE = "_UTTERLY_COMPLETE"
"""What the shell sets when it asks for completions; the name is click's."""

SHELLS = ("bash", "zsh", "fish")


class EngineName(StringParamType):
    """The configured name of an engine; whether there is one is found out later.

    Args:
        several: Whether it is a list, as in `a,b`.
    """

    name = "engine"

    def __init__(self, *, several: bool = False) -> None:
        self._several = several

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  # the name is click's
        param: click.Parameter,  # noqa: ARG002  # as above
        incomplete: str,
    ) -> list[CompletionItem]:
        """The names that begin so; in a list, those that are not in it yet."""
        before, comma, begun = incomplete.rpartition(",") if self._several else ("", "", incomplete)
        given = before.split(",")
        return [
            CompletionItem(f"{before}{comma}{name}")
            for name in engine_names()
            if name.startswith(begun) and name not in given
        ]


def engine_names() -> list[str]:
    """Every name that can be asked for, known without importing a plugin."""
    from utterly.configuration import read_configuration
    from utterly.errors import SettingsError
    from utterly.plugins import installed_plugins

    names = {*installed_plugins().engine_names()}
    with suppress(SettingsError):  # who is in the middle of a word is not told about a file
        names |= {*read_configuration().engines}
    return sorted(names)


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def print_completion(shell: str) -> int:
    """Print what has SHELL complete commands, options and names of engines.

    \b
    bash: eval "$(utterly completion bash)" in ~/.bashrc
    zsh:  eval "$(utterly completion zsh)" in ~/.zshrc
    fish: utterly completion fish | source, in ~/.config/fish/config.fish
    """  # noqa: D301  # the control character has click keep the lines
    program = click.get_current_context().find_root().command
    completion = get_completion_class(shell)
    assert completion is not None  # noqa: S101  # for the type checker: click has all three
    click.echo(completion(program, {}, "utterly", VARIABLE).source())
    return 0
