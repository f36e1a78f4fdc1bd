"""Dubbing: a subtitle file becomes a track of speech, with every cue at its time.

::

    with utterly.Speaker() as speaker:
        dub = speaker.dub("film.srt", output="film.flac")
    for cue in dub.cues:
        print(cue.number, cue.engine, cue.stretch, cue.overrun)

It comes with `pip install "utterly[dub]"`.
"""

from __future__ import annotations

from utterly.dubbing.dub import CueDubbed, Dub, DubbedCue, DubFailedError
from utterly.dubbing.reading import read_script
from utterly.dubbing.script import Repair, Script, ScriptCue

__all__ = [
    "CueDubbed",
    "Dub",
    "DubFailedError",
    "DubbedCue",
    "Repair",
    "Script",
    "ScriptCue",
    "read_script",
]
