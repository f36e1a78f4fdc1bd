"""The command line: `utterly say`, `utterly dub`, `utterly engines` and so on."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from utterly.cli.completion import print_completion
from utterly.cli.doctor import examine_installation
from utterly.cli.dub import dub
from utterly.cli.engines import list_engines
from utterly.cli.exits import NOT_WRITTEN, exit_code_of, report
from utterly.cli.models import manage_models
from utterly.cli.say import say
from utterly.cli.streams import silence_output, use_utf8
from utterly.cli.studio import run_studio
from utterly.cli.voices import list_voices


class Commands(click.Group):
    """The commands, for readers that may go away."""

    def invoke(self, context: click.Context) -> object:
        """Run a command; click itself would end with 1, which means that nothing was spoken."""
        try:
            return super().invoke(context)
        except BrokenPipeError:
            silence_output()
            raise click.exceptions.Exit(NOT_WRITTEN) from None


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="utterly", prog_name="utterly")
def utterly() -> None:
    """Text to speech that always speaks."""


utterly.add_command(say)
utterly.add_command(dub)
utterly.add_command(list_engines)
utterly.add_command(list_voices)
utterly.add_command(manage_models)
utterly.add_command(examine_installation)
utterly.add_command(run_studio)
utterly.add_command(print_completion)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    use_utf8()
    try:
        code = utterly.main(arguments, prog_name="utterly", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001  # every way out has its exit code; defects go on
        code = exit_code_of(error)
        report(error)
    sys.exit(code)
