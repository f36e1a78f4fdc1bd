"""Subtitles of a speech: cues with lines as subtitlers break them, as SRT and WebVTT.

::

    speech = utterly.say(text)
    print(speech.to_srt())

Line lengths and line breaks follow the [Timed Text Style
Guides](https://partnerhelp.netflixstudios.com/hc/en-us/articles/215758617) of Netflix and the
[Subtitle Guidelines](https://www.bbc.co.uk/accessibility/forproducts/guides/subtitles/) of the BBC.
"""

from __future__ import annotations

from utterly.subtitles.cues import Cue, make_cues
from utterly.subtitles.files import SUBTITLE_FORMATS, check_subtitles, write_subtitles
from utterly.subtitles.formats import to_srt, to_vtt

__all__ = [
    "SUBTITLE_FORMATS",
    "Cue",
    "check_subtitles",
    "make_cues",
    "to_srt",
    "to_vtt",
    "write_subtitles",
]
