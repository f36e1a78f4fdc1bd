"""Reading a subtitle file: mended first, then parsed by pysubs2."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from utterly.dubbing.ass_events import find_events
from utterly.dubbing.blocks import find_blocks
from utterly.dubbing.decoding import decode_lines
from utterly.dubbing.ordering import find_bad_ends, find_disorder, put_in_order
from utterly.dubbing.script import Part, Repair, Script, ScriptCue
from utterly.dubbing.spoken_text import read_parts
from utterly.dubbing.written import WrittenCue
from utterly.errors import SubtitleError, UtterlyError

if TYPE_CHECKING:
    from pysubs2 import SSAFile

FORMATS = {".srt": "SRT", ".vtt": "WebVTT", ".ass": "ASS", ".ssa": "SSA"}
"""What is read, by the suffix of the file."""

_HEADER = "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"


def read_script(
    path: str | os.PathLike[str], *, encoding: str | None = None, speakers: Collection[str] = ()
) -> Script:
    """Read the cues of a subtitle file, and mend what is slightly broken about it.

    Args:
        path: Ends in `.srt`, `.vtt`, `.ass` or `.ssa`.
        encoding: Of the file; by default it is found out.
        speakers: Names, such as those of personas, that tell who speaks also where they are
            written `Anna:`; `ANNA:` always does.

    Returns:
        The cues in order of start, and what was mended.

    Raises:
        SubtitleError: The file cannot be read, or not be mended; the line is named.
        UtterlyError: The extra `[dub]` is missing.
    """
    file = Path(path)
    if file.suffix.lower() not in FORMATS:
        *others, last = FORMATS
        raise SubtitleError(
            f"cannot read {file.name!r}: a subtitle file ends in {', '.join(others)} or {last}"
        )
    try:
        return _read(file, file.read_bytes(), encoding, speakers)
    except OSError as error:
        raise SubtitleError(f"cannot read {str(file)!r}: {error.strerror or error}") from error
    except SubtitleError as error:
        raise SubtitleError(f"{file.name}, {error}") from None


def _read(file: Path, data: bytes, encoding: str | None, speakers: Collection[str]) -> Script:
    lines, guesses = decode_lines(data, encoding)
    kind = _kind(lines, file.suffix.lower())
    has_events = kind in (".ass", ".ssa")
    written, faults = find_events(lines) if has_events else find_blocks(lines, kind == ".vtt")
    if not written:
        raise SubtitleError("line 1: there is no cue in this file")
    ordered = put_in_order(written)
    if kind != file.suffix.lower():
        guesses.append(Repair(0, f"it is {FORMATS[kind]}, whatever its name says"))
    repairs = [*guesses, *faults, *find_bad_ends(written)]
    if not has_events:  # whose order says nothing
        repairs += find_disorder(written)
    cues = (
        ScriptCue(number, cue.line, cue.start / 1000, (cue.end or 0) / 1000, parts)
        for number, (cue, parts) in enumerate(
            zip(ordered, _parts(ordered, speakers), strict=True), start=1
        )
    )
    return Script(file, tuple(cues), tuple(sorted(repairs, key=lambda repair: repair.line)))


def _kind(lines: Sequence[str], suffix: str) -> str:
    """What a file is: its first words count for more than its name."""
    if lines[0].startswith("WEBVTT"):
        return ".vtt"
    if any(line.strip().lower() == "[script info]" for line in lines[:20]):
        return suffix if suffix == ".ssa" else ".ass"
    return suffix


def _parts(cues: Sequence[WrittenCue], speakers: Collection[str]) -> list[tuple[Part, ...]]:
    """What of each cue is read aloud."""
    events = _parse(cues)
    return [
        read_parts(event.plaintext, event.name, speakers) if event.is_text else ()
        for event in events
    ]


def _parse(cues: Sequence[WrittenCue]) -> SSAFile:
    """Have pysubs2 read the cues; of ASS, which it reads line by line, nothing is ambiguous."""
    try:
        from pysubs2 import SSAFile
    except ImportError as error:
        raise UtterlyError('cannot read subtitles: pip install "utterly[dub]"') from error
    return SSAFile.from_string(_HEADER + "\n".join(map(_event, cues)), format_="ass")


def _event(cue: WrittenCue) -> str:
    text = cue.text.replace("\n", r"\N")
    speaker = cue.speaker.replace(",", " ")
    return f"Dialogue: 0,{_clock(cue.start)},{_clock(cue.end or 0)},Default,{speaker},0,0,0,,{text}"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}.{rest:03}"
