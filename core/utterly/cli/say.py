"""`utterly say`: text to a file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from utterly.cli import exits
from utterly.cli.completion import EngineName
from utterly.cli.destination import choose_destination
from utterly.cli.engine_warnings import engine_warnings_told
from utterly.cli.notices import Telling
from utterly.cli.options import Settings, echo_json, json_option, settings_option
from utterly.cli.streams import read_text, write_bytes
from utterly.errors import AllEnginesFailedError
from utterly.progress import format_seconds
from utterly.speech import Speech
from utterly.subtitles import check_subtitles, write_subtitles

if TYPE_CHECKING:
    from utterly.speech_stream import SpeechStream


@click.command()
@click.argument("text", required=False)
@click.option(
    "-f", "--file", metavar="FILE", help="Read the text from a file, - for standard input."
)
@click.option("-o", "--output", metavar="OUT", help="Where to write, - for standard output.")
@click.option(
    "--engines",
    metavar="A,B,C",
    type=EngineName(several=True),
    help="Engines to try, first choice first.",
)
@click.option("--voice", metavar="V", help="engine:id or a persona, see `utterly voices`.")
@click.option("--language", metavar="L", help="Language tag, such as en or pt-BR.")
@click.option("--speed", metavar="X", type=float, help="Factor, 0.5 to 2.")
@click.option("--style", metavar="S", help="How to speak, in words.")
@click.option(
    "--seed", metavar="N", type=int, help="Makes an engine that draws lots repeat itself."
)
@settings_option
@click.option("--strict", is_flag=True, help="Let no other engine than the first stand in.")
@click.option("--offline", is_flag=True, help="Connect to no address beyond this machine.")
@click.option(
    "--subtitles", metavar="FILE", help="Write subtitles too; the name ends in .srt or .vtt."
)
@click.option("--play", is_flag=True, help="Play it; without -o while it is being spoken.")
@json_option
@click.option("-v", "--verbose", is_flag=True, help="Tell the whole story.")
@click.option("-q", "--quiet", is_flag=True, help="Tell nothing but errors.")
def say(
    *,
    text: str | None,
    file: str | None,
    output: str | None,
    subtitles: str | None,
    play: bool,
    as_json: bool,
    verbose: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Speak TEXT, or the text of a file, into an audio file.

    The name's ending decides the format: .wav, .flac, .ogg, .opus or .mp3. Without -o or --play it
    is called as `output` in the working folder's utterly.toml says, else speech.wav, and never as a
    file that exists: then it is speech-2.wav. The file appears when all of it is spoken; what was
    spoken of an interrupted text is kept as NAME.partial.wav.
    """
    if (text is None) == (file is None):
        raise click.UsageError("give either TEXT or -f FILE")
    if output == "-" and (as_json or play):
        raise click.UsageError("-o - takes standard output for itself: leave out --json and --play")
    is_heard = play and output is None
    words = text if text is not None else read_text(file or "-")
    telling = Telling(0 if quiet else 2 if verbose else 1)
    destination = None if is_heard else choose_destination(output, telling)
    if subtitles is not None:
        check_subtitles(subtitles)
    with _logs_shown(telling, verbose=verbose):
        speech = _speak(words, destination, telling, is_heard=is_heard, **options)
    if output == "-":
        write_bytes(speech.to_bytes())
    if subtitles is not None:
        write_subtitles(subtitles, speech.segments)
    _tell_result(speech, as_json=as_json, quiet=quiet)
    if play and not is_heard:
        speech.play()
    return exits.COMPLETE if speech.status == "complete" else exits.PARTLY_SPOKEN


def _speak(
    text: str,
    destination: Path | None,
    telling: Telling,
    *,
    is_heard: bool,
    engines: str | None,
    settings: Settings,
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
            if is_heard:
                return _play(speaker.stream(text, **wishes))
            return speaker.say(text, output=destination, **wishes)
        except AllEnginesFailedError as error:
            if not error.speech.segments:
                raise
            click.echo(f"utterly: {error}", err=True)
            return error.speech
        except KeyboardInterrupt as error:
            raise exits.InterruptedSpeech(telling.progress.so_far(), destination) from error


def _play(stream: SpeechStream) -> Speech:
    """Play what is spoken as it comes."""
    from utterly.playback import find_device, play_pieces

    find_device()
    with stream:
        first = next(stream, None)
        if first is not None:
            pieces = (chunk.samples for chunk in chain([first], stream))
            play_pieces(pieces, first.sample_rate)
    return stream.speech


def _tell_result(speech: Speech, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        echo_json(speech.to_dict())
    elif speech.output is not None:
        click.echo(speech.output)
    if not quiet:
        click.echo(f"utterly: {_summarise(speech)}", err=True)


def _summarise(speech: Speech) -> str:
    if not speech.segments:
        return "nothing to speak: the text has no letter or digit"
    shares = [
        f"{sum(segment.engine == engine for segment in speech.segments)} by {engine}"
        for engine in speech.engines
    ]
    sentences = "sentence" if len(speech.segments) == 1 else "sentences"
    length = format_seconds(speech.duration)
    told = f"{len(speech.segments)} {sentences}, {length}: {', '.join(shares)}"
    return told if speech.status == "complete" else f"only {told}"


@contextmanager
def _logs_shown(telling: Telling, *, verbose: bool) -> Iterator[None]:
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
