"""Subtitle files in the studio: all that it uses of `utterly.dubbing`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from utterly.async_speaker import AsyncSpeaker
from utterly.errors import InvalidRequestError
from utterly.progress import format_seconds

if TYPE_CHECKING:
    from utterly.dubbing import Dub
    from utterly.speech import SpokenSegment
    from utterly.wishes import SpeechOptions

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
MOST_REMARKS = 20


@dataclass(frozen=True, slots=True)
class Dubbed:
    """What became of a subtitle file.

    Attributes:
        segments: Who spoke what.
        is_complete: Whether all of it was spoken.
        remarks: What people should know, in plain sentences.
    """

    segments: tuple[SpokenSegment, ...]
    is_complete: bool
    remarks: tuple[str, ...]


def check_name(name: str) -> str:
    """The suffix of an upload's name.

    Raises:
        InvalidRequestError: It is not one of a subtitle file.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        *others, last = SUFFIXES
        raise InvalidRequestError(
            f"subtitle files end in {', '.join(others)} or {last}; open any other text as text"
        )
    return suffix


async def dub(speaker: AsyncSpeaker, script: Path, output: Path, options: SpeechOptions) -> Dubbed:
    """Speak a subtitle file into an audio file, which is there as far as anything was spoken.

    Raises:
        UtterlyError: As `Speaker.dub` raises it.
    """
    from utterly.dubbing import DubFailedError

    try:
        made, failure = await speaker.dub(script, output=output, **options), ""
    except DubFailedError as error:
        if error.dub.output is None:
            raise
        made, failure = error.dub, str(error)
    if made.output is not None and made.output != output:
        made.output.replace(output)
    remarks = (*_remarks(made), *([failure] if failure else []))
    return Dubbed(made.speech.segments, made.status == "complete", remarks)


def _remarks(made: Dub) -> Iterator[str]:
    """What was mended, and what does not fit."""
    yield from _few([str(repair) for repair in made.repairs], "repairs of the file")
    if made.unknown_speakers:
        names = ", ".join(made.unknown_speakers)
        yield f"No persona is called {names}: the usual voice reads them."
    late = [cue for cue in made.cues if cue.overrun > 0]
    yield from _few(
        [f"Cue {cue.number} runs over by {format_seconds(cue.overrun)}." for cue in late],
        "cues that run over",
    )


def _few(remarks: list[str], what: str) -> Iterator[str]:
    yield from remarks[:MOST_REMARKS]
    if len(remarks) > MOST_REMARKS:
        yield f"There are {len(remarks) - MOST_REMARKS} more {what}."
