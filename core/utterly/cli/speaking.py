"""What all commands that speak have in common: options, the speaker, and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from utterly.cli import exits
from utterly.cli.completion import EngineName
from utterly.cli.engine_warnings import engine_warnings_told
from utterly.cli.notices import Telling
from utterly.cli.options import Settings, echo_json, json_option, settings_option

if TYPE_CHECKING:
    from utterly.dubbing import Dub
    from utterly.errors import AllEnginesFailedError
    from utterly.speaker import Speaker
    from utterly.speech import Speech

Command = TypeVar("Command", bound=Callable[..., Any])

output_option = click.option(
    "-o", "--output", metavar="OUT", help="Where to write, - for standard output."
)

_SPEAKING = (
    click.option(
        "--engines",
        metavar="A,B,C",
        type=EngineName(several=True),
        help="Engines to try, first choice first.",
    ),
    click.option("--voice", metavar="V", help="engine:id or a persona, see `utterly voices`."),
    click.option("--language", metavar="L", help="Language tag, such as en or pt-BR."),
    click.option("--speed", metavar="X", type=float, help="Factor, 0.5 to 2."),
    click.option("--style", metavar="S", help="How to speak, in words."),
    click.option(
        "--seed", metavar="N", type=int, help="Makes an engine that draws lots repeat itself."
    ),
    settings_option,
    click.option("--strict", is_flag=True, help="Let no other engine than the first stand in."),
    click.option("--offline", is_flag=True, help="Connect to no address beyond this machine."),
)
_TELLING = (
    json_option,
    click.option("-v", "--verbose", is_flag=True, help="Tell the whole story."),
    click.option("-q", "--quiet", is_flag=True, help="Tell nothing but errors."),
)


def speaking_options(command: Command) -> Command:
    """Add the options that say how to speak, and by whom."""
    return _add(_SPEAKING, command)


def telling_options(command: Command) -> Command:
    """Add the options that say what to tell."""
    return _add(_TELLING, command)


def _add(options: tuple[Callable[[Any], Any], ...], command: Command) -> Command:
    return reduce(lambda decorated, option: option(decorated), reversed(options), command)


def echo_result(result: Speech | Dub, *, as_json: bool) -> None:
    """Write to standard output what a command is for: where the file is, or everything."""
    if as_json:
        echo_json(result.to_dict())
    elif result.output is not None:
        click.echo(result.output)


@contextmanager
def open_speaker(
    telling: Telling,
    destination: Path | None,
    *,
    engines: str | None,
    settings: Settings,
    strict: bool,
    offline: bool,
) -> Iterator[Speaker]:
    """Have a speaker for one command.

    Raises:
        InterruptedSpeech: The user stopped it; what was spoken is kept at the destination.
    """
    from utterly.speaker import Speaker

    speaker = Speaker(
        engines,
        settings=settings,
        unload="after-request",
        strict=strict,
        offline=offline,
        on_event=telling,
    )
    with speaker:
        try:
            yield speaker
        except KeyboardInterrupt as error:
            raise exits.InterruptedSpeech(telling.so_far(), destination) from error


def tell_half_spoken(error: AllEnginesFailedError) -> None:
    """Tell why only the first part was spoken.

    Raises:
        AllEnginesFailedError: The same, where nothing was spoken at all.
    """
    if not error.speech.segments:
        raise error
    click.echo(f"utterly: {error}", err=True)


@contextmanager
def logs_shown(telling: Telling, *, verbose: bool) -> Iterator[None]:
    """Keep the log off the terminal but for warnings of engines, unless all of it is wanted."""
    if not verbose:
        with engine_warnings_told(telling.warn):
            yield
        return
    everything, whole_story = logging.getLogger("utterly"), logging.StreamHandler()
    whole_story.setFormatter(logging.Formatter("utterly: %(message)s"))
    everything.addHandler(whole_story)
    try:
        yield
    finally:
        everything.removeHandler(whole_story)
