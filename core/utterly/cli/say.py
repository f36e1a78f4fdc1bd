"""`utterly say`: text to a file."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from utterly.cli import exits
from utterly.cli.destination import choose_destination
from utterly.cli.notices import Telling
from utterly.cli.options import Settings
from utterly.cli.speaking import (
    echo_result,
    logs_shown,
    open_speaker,
    output_option,
    speaking_options,
    tell_half_spoken,
    telling_options,
)
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
@output_option
@speaking_options
@click.option(
    "--subtitles", metavar="FILE", help="Write subtitles too; the name ends in .srt or .vtt."
)
@click.option("--play", is_flag=True, help="Play it; without -o while it is being spoken.")
@telling_options
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
    with logs_shown(telling, verbose=verbose):
        speech = _speak(words, destination, telling, is_heard=is_heard, **options)
    if output == "-":
        write_bytes(speech.to_bytes())
    if subtitles is not None:
        write_subtitles(subtitles, speech.segments)
    echo_result(speech, as_json=as_json)
    telling.tell(_summarise(speech))
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
    with open_speaker(
        telling, destination, engines=engines, settings=settings, strict=strict, offline=offline
    ) as speaker:
        try:
            if is_heard:
                return _play(speaker.stream(text, **wishes))
            return speaker.say(text, output=destination, **wishes)
        except AllEnginesFailedError as error:
            tell_half_spoken(error)
            return error.speech


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
