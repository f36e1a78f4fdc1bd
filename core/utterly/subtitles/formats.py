"""Cues as the text of subtitle files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from utterly.subtitles.cues import Cue, make_cues

if TYPE_CHECKING:
    from utterly.speech import SpokenSegment

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What UTF-8 cannot hold, and what WebVTT does not allow."""

_LIKE_MARKUP = re.compile(r"<(?=[A-Za-z/!])|\{(?=\\)|--(?=>)")
"""What players of SRT take for a tag or for the arrow between two times."""


def to_srt(segments: Iterable[SpokenSegment]) -> str:
    r"""Write SubRip subtitles.

    SRT has no escapes. Where text looks like a tag, an invisible word joiner (U+2060) after `<`,
    `--` or `{` has players show it as it stands.

    Args:
        segments: In the order they are heard.

    Returns:
        The file's text, lines ending in `\n`; empty where nothing was spoken.
    """
    blocks = (
        f"{number}\n{_timing(cue, ',')}\n{_text(cue, _defuse)}\n"
        for number, cue in enumerate(make_cues(segments), start=1)
    )
    return "\n".join(blocks)


def to_vtt(segments: Iterable[SpokenSegment]) -> str:
    r"""Write [WebVTT](https://www.w3.org/TR/webvtt1/) subtitles.

    Args:
        segments: In the order they are heard.

    Returns:
        The file's text, lines ending in `\n`.
    """
    blocks = (f"{_timing(cue, '.')}\n{_text(cue, _escape)}\n" for cue in make_cues(segments))
    return "\n".join(["WEBVTT\n", *blocks])


def _timing(cue: Cue, point: str) -> str:
    return f"{_timestamp(cue.start, point)} --> {_timestamp(cue.end, point)}"


def _timestamp(seconds: float, point: str) -> str:
    """`HH:MM:SS.mmm`, with more digits for the hours where it takes them."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    whole_seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{whole_seconds:02}{point}{milliseconds:03}"


def _text(cue: Cue, protect: Callable[[str], str]) -> str:
    storable = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", "\n".join(cue.lines))
    return protect(storable)


def _defuse(text: str) -> str:
    return _LIKE_MARKUP.sub("\\g<0>\N{WORD JOINER}", text)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
