"""`utterly dub`: a subtitle file to a track of speech."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from utterly.cli.streams import write_bytes
from utterly.progress import format_seconds

if TYPE_CHECKING:
    from utterly.dubbing import Dub, Repair, Script

MOST_NAMED = 3
"""Lines, cues or speakers that are named for one reason; of more, the number."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False))
@output_option
@click.option(
    "--fastest",
    metavar="X",
    type=float,
    default=1.5,
    show_default=True,
    help="How much faster than usual a cue may be spoken to fit, 1 to 2.",
)
@click.option(
    "--encoding", metavar="NAME", help="Of FILE, such as cp1251; by default it is found out."
)
@speaking_options
@telling_options
def dub(
    *,
    file: str,
    output: str | None,
    encoding: str | None,
    as_json: bool,
    verbose: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Speak the subtitles in FILE (.srt, .vtt or .ass), each cue at its time.

    The track is as long as the subtitles. A cue that takes longer than its time takes the silence
    after it too, then it is spoken faster, then it runs over into the next one, with which it is
    mixed. <v Anna> and ANNA: have the persona of that name speak; sounds and music are not read.

    The name's ending decides the format, as for `utterly say`. Without -o it is called as FILE, but
    never as a file that exists. What was dubbed of it until an interruption is kept as
    NAME.partial.wav.
    """
    if output == "-" and as_json:
        raise click.UsageError("-o - takes standard output for itself: leave out --json")
    telling = Telling(0 if quiet else 2 if verbose else 1, segment="segment", segments="cues")
    script = _read(file, encoding, telling)
    destination = choose_destination(output, telling, script.path.stem)
    with logs_shown(telling, verbose=verbose):
        result = _dub(script, destination, telling, **options)
    if output == "-":
        write_bytes(result.speech.to_bytes())
    echo_result(result, as_json=as_json)
    for line in _summarise(result):
        telling.tell(line)
    return exits.COMPLETE if result.status == "complete" else exits.PARTLY_SPOKEN


def _read(file: str, encoding: str | None, telling: Telling) -> Script:
    """Read the file, and tell what was mended and who is not known."""
    from utterly.dubbing import read_script
    from utterly.preferences import Preferences
    from utterly.standing import Standing

    personas = Standing.gather(Preferences()).personas
    script = read_script(file, encoding=encoding, speakers=personas)
    for line in _describe(script.repairs):
        telling.tell(f"{script.path.name}, {line}")
    known = {name.casefold() for name in personas}
    unknown = [name for name in script.speakers if name.casefold() not in known]
    if unknown:
        names = _name_few([repr(name) for name in unknown])
        telling.tell(f"no persona is called {names}: spoken in the voice of all others")
    return script


def _dub(
    script: Script,
    destination: Path | None,
    telling: Telling,
    *,
    engines: str | None,
    settings: Settings,
    strict: bool,
    offline: bool,
    **wishes: Any,
) -> Dub:
    """Dub; where engines failed half-way, the half that was dubbed."""
    from utterly.dubbing import DubFailedError

    with open_speaker(
        telling, destination, engines=engines, settings=settings, strict=strict, offline=offline
    ) as speaker:
        try:
            return speaker.dub(script, output=destination, **wishes)
        except DubFailedError as error:
            tell_half_spoken(error)
            return error.dub


def _summarise(result: Dub) -> Iterator[str]:
    """What was dubbed by whom, and what did not fit."""
    spoken = [cue for cue in result.cues if cue.engine]
    if late := [cue for cue in spoken if cue.overrun]:
        most = max(late, key=lambda cue: cue.overrun)
        cues = _name_places("cue", [cue.number for cue in late])
        which = f"; most of all cue {most.number}" if len(late) > 1 else ""
        yield f"too long for the time there is: {cues}{which}, by {most.overrun:.1f} s"
    if not spoken:
        yield f"nothing to speak: {format_seconds(result.duration)} of silence"
        return
    shares = [f"{sum(cue.engine == e for cue in spoken)} by {e}" for e in result.engines]
    cues = "cue" if len(spoken) == 1 else "cues"
    told = f"{len(spoken)} {cues}, {format_seconds(result.duration)}: {', '.join(shares)}"
    if faster := [cue.stretch for cue in spoken if cue.stretch > 1]:
        told += f"; {len(faster)} spoken faster, up to {max(faster):.1f} times"
    yield told if result.status == "complete" else f"only {told}"


def _describe(repairs: Iterable[Repair]) -> Iterator[str]:
    """One line for each kind of repair, with the lines of the file that it was made in."""
    places = defaultdict(list)
    for repair in repairs:
        places[repair.message].append(repair.line)
    for message, lines in places.items():
        yield f"{_name_places('line', lines)}: {message}" if any(lines) else message


def _name_places(kind: str, numbers: Sequence[int]) -> str:
    """The first of several lines or cues, and how many more there are."""
    return f"{kind if len(numbers) == 1 else f'{kind}s'} {_name_few(list(map(str, numbers)))}"


def _name_few(names: Sequence[str]) -> str:
    """The first of several names, and how many more there are."""
    more = len(names) - MOST_NAMED
    told = ", ".join(names[:MOST_NAMED])
    return f"{told} and {more} more" if more > 0 else told
