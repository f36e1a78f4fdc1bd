"""`utterly say`: text to a file."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from utterly.cli import exits
from utterly.cli.destination import choose_destination
from utterly.cli.notices import Telling
from utterly.cli.progress import describe_seconds
from utterly.cli.streams import read_text, write_bytes
from utterly.errors import AllEnginesFailedError
from utterly.speech import Speech
from utterly.subtitles import check_subtitles, write_subtitles


@click.command()
@click.argument("text", required=False)
@click.option(
    "-f", "--file", metavar="FILE", help="Read the text from a file, - for standard input."
)
@click.option("-o", "--output", metavar="OUT", help="Where to write, - for standard output.")
@click.option("--engines", metavar="A,B,C", help="Engines to try, first choice first.")
@click.option("--voice", metavar="V", help="engine:id or a persona, see `utterly voices`.")
@click.option("--language", metavar="L", help="Language tag, such as en or pt-BR.")
@click.option("--speed", metavar="X", type=float, help="Factor, 0.5 to 2.")
@click.option("--style", metavar="S", help="How to speak, in words.")
@click.option(
    "--seed", metavar="N", type=int, help="Makes an engine that draws lots repeat itself."
)
@click.option(
    "--set", "assignments", metavar="ENGINE.FIELD=VALUE", multiple=True, help="A setting."
)
@click.option("--strict", is_flag=True, help="Let no other engine than the first stand in.")
@click.option("--offline", is_flag=True, help="Connect to no address beyond this machine.")
@click.option(
    "--subtitles", metavar="FILE", help="Write subtitles too; the name ends in .srt or .vtt."
)
@click.option("--json", "as_json", is_flag=True, help="Describe the result as one JSON document.")
@click.option("-v", "--verbose", is_flag=True, help="Tell the whole story.")
@click.option("-q", "--quiet", is_flag=True, help="Tell nothing but errors.")
def say(
    *,
    text: str | None,
    file: str | None,
    output: str | None,
    assignments: tuple[str, ...],
    subtitles: str | None,
    as_json: bool,
    verbose: bool,
    quiet: bool,
    **wishes: Any,
) -> int:
    """Speak TEXT, or the text of a file, into an audio file.

    The name's ending decides the format: .wav, .flac, .ogg, .opus or .mp3. Without -o it is called
    as `output` in the working folder's utterly.toml says, else speech.wav, and never as a file that
    exists: then it is speech-2.wav. The file appears when all of it is spoken; what was spoken of
    an interrupted text is kept as NAME.partial.wav.
    """
    if (text is None) == (file is None):
        raise click.UsageError("give either TEXT or -f FILE")
    if output == "-" and as_json:
        raise click.UsageError("-o - and --json both want standard output; choose one")
    words = text if text is not None else read_text(file or "-")
    telling = Telling(0 if quiet else 2 if verbose else 1)
    destination = choose_destination(output, telling)
    if subtitles is not None:
        check_subtitles(subtitles)
    with _logs_shown(verbose):
        speech = _speak(words, destination, _settings(assignments), telling, **wishes)
    if destination is None:
        write_bytes(speech.to_bytes())
    if subtitles is not None:
        write_subtitles(subtitles, speech.segments)
    if as_json:
        click.echo(json.dumps(speech.to_dict(), ensure_ascii=False, indent=2))
    elif speech.output is not None:
        click.echo(speech.output)
    if not quiet:
        click.echo(f"utterly: {_summarise(speech)}", err=True)
    return exits.COMPLETE if speech.status == "complete" else exits.PARTLY_SPOKEN


def _speak(
    text: str,
    destination: Path | None,
    settings: dict[str, dict[str, str]],
    telling: Telling,
    *,
    engines: str | None,
    strict: bool,
    offline: bool,
    **wishes: Any,
) -> Speech:
    """Speak; where engines failed half-way, the half that was spoken."""
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
            return speaker.say(text, output=destination, **wishes)
        except AllEnginesFailedError as error:
            if not error.speech.segments:
                raise
            click.echo(f"utterly: {error}", err=True)
            return error.speech
        except KeyboardInterrupt as error:
            raise exits.InterruptedSpeech(telling.progress.describe(), destination) from error


def _settings(assignments: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Read `engine.field=value`."""
    settings: dict[str, dict[str, str]] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        engine, dot, field = name.strip().partition(".")
        if not (equals and dot and engine and field):
            raise click.UsageError(f"--set {assignment!r}: write ENGINE.FIELD=VALUE")
        settings.setdefault(engine, {})[field] = value
    return settings


def _summarise(speech: Speech) -> str:
    if not speech.segments:
        return "nothing to speak: the text has no letter or digit"
    shares = [
        f"{sum(segment.engine == engine for segment in speech.segments)} by {engine}"
        for engine in speech.engines
    ]
    sentences = "sentence" if len(speech.segments) == 1 else "sentences"
    length = describe_seconds(speech.duration)
    told = f"{len(speech.segments)} {sentences}, {length}: {', '.join(shares)}"
    return told if speech.status == "complete" else f"only {told}"


@contextmanager
def _logs_shown(verbose: bool) -> Iterator[None]:
    """Keep the log off the terminal, unless the whole story is wanted."""
    logger = logging.getLogger("utterly")
    handler = logging.StreamHandler() if verbose else logging.NullHandler()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
