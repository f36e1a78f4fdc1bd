"""A subtitle file of any length, with everything that makes dubbing hard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SCENE_SECONDS = 40.0
"""Ten seconds in which much is said, and thirty of silence."""

NOTES_FROM = 8.0
"""Seconds of a scene; from there on it has notes of sounds for two seconds, then silence."""

TAGGED, UNKNOWN = "anna", "BOB"


@dataclass(frozen=True)
class FilmCue:
    """One cue.

    Attributes:
        start: Seconds.
        end: Seconds.
        written: As it stands in the file.
        spoken: What is heard of it, empty for nothing.
        overlaps: Whether somebody else speaks at the same time, or speech runs over into it.
    """

    start: float
    end: float
    written: str
    spoken: str
    overlaps: bool = False


def make_film(seconds: float) -> tuple[FilmCue, ...]:
    """The cues of a film; the last one ends at an odd millisecond, some 10 s before `seconds`."""
    cues: list[FilmCue] = []
    for scene in range(max(1, int(seconds // SCENE_SECONDS))):
        cues += _scene(scene)
    last = round(cues[-1].end + 20.123, 3)
    return (*cues, FilmCue(round(last - 0.8, 3), last, "The end is near.", "The end is near."))


def _scene(number: int) -> Iterator[FilmCue]:
    """One scene; every text is another one."""
    begin = number * SCENE_SECONDS

    def cue(
        start: float, end: float, written: str, spoken: str = "", *, overlaps: bool = False
    ) -> FilmCue:
        return FilmCue(begin + start, begin + end, written, spoken, overlaps)

    plain = f"Café number {number}, <i>says</i> he."
    yield cue(0.503, 2.4, plain, f"Café number {number}, says he.")
    yield cue(2.5, 2.7, f"Short {number}.", f"Short {number}.")
    flood = f"This is much more than anybody could say in a second, at least number {number} is."
    yield cue(2.7, 3.7, flood, flood, overlaps=True)
    for start, end, who in ((3.7, 5.7, "One"), (4.3, 6.5, "Another")):
        both = f"{who} of us {number} speaks while somebody else does, and is hard to follow."
        yield cue(start, end, both, both, overlaps=True)
    yield cue(6.61, 7.2, f"ANNA: Hello {number}.", f"Hello {number}.")
    yield cue(7.3, 7.9, f"BOB: Goodbye {number}.\n[door slams]", f"Goodbye {number}.")
    yield cue(NOTES_FROM, 9.0, "[applause]")
    yield cue(8.5, 10.0, "♪" if number % 2 else "(laughs)")


def write_srt(cues: tuple[FilmCue, ...]) -> str:
    """The film as SRT, some cues not in order."""
    shuffled = [*cues[1::-1], *cues[2:]]
    return "\n".join(
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{cue.written}\n"
        for number, cue in enumerate(shuffled, start=1)
    )


def write_vtt(cues: tuple[FilmCue, ...]) -> str:
    """The film as WebVTT, with voices, a style and a comment."""
    blocks = (
        f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')} align:start\n{_voiced(cue.written)}\n"
        for cue in cues
    )
    return "\n".join(
        ["WEBVTT\n", "STYLE\n::cue { color: red }\n", "NOTE not to be read\n", *blocks]
    )


def _voiced(written: str) -> str:
    for name in (TAGGED.upper(), UNKNOWN):
        if written.startswith(f"{name}: "):
            return f"<v {name}>{written.removeprefix(f'{name}: ')}"
    return written


def _clock(seconds: float, mark: str) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{mark}{milliseconds % 1000:03}"
