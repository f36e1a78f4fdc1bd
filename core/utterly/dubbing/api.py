"""From a subtitle file and a speaker's requests to a dub."""

from __future__ import annotations

import os

from utterly.cancellation import Cancellation
from utterly.dubbing.dub import Dub
from utterly.dubbing.dubbing import Dubbing
from utterly.dubbing.fitting import Fitter
from utterly.dubbing.lines import Cast, plan_lines
from utterly.dubbing.reading import read_script
from utterly.dubbing.script import Script
from utterly.dubbing.stretching import load_library
from utterly.errors import InvalidRequestError
from utterly.preferences import FASTEST
from utterly.requests import Requests
from utterly.wishes import SpeechOptions

USUAL_FASTEST = 1.5
"""How much faster than usual a cue may be spoken: beyond that, speech is hard to follow."""


def dub_script(
    requests: Requests,
    script: str | os.PathLike[str] | Script,
    options: SpeechOptions,
    *,
    output: str | os.PathLike[str] | None,
    fastest: float,
    cancellation: Cancellation | None = None,
) -> Dub:
    """Dub a subtitle file, as `Speaker.dub` says.

    Args:
        requests: The speaker's.
        script: The file, or what was read of it.
        options: How to speak.
        output: A file to write to while it is spoken.
        fastest: How much faster than usual a cue may be spoken to fit, 1 to 2.
        cancellation: Stops it.
    """
    if not 1.0 <= fastest <= FASTEST:  # also true of NaN
        raise InvalidRequestError(f"fastest must be 1 to {FASTEST:g}, not {fastest!r}")
    load_library()
    if not isinstance(script, Script):
        script = read_script(script, speakers=requests.personas)
    text = script.text
    fitter = Fitter(fastest)
    with requests.begin(
        options,
        text=text,
        live=False,
        cancellation=cancellation,
        output=output,
        fitting=fitter.surround,
    ) as narration:
        cast = Cast(
            narration.plan.casting,
            lambda persona: narration.cast(persona, text),
            requests.personas,
        )
        lines = tuple(plan_lines(script, cast))
        unknown = cast.unknown(script.speakers)
        return Dubbing(script, lines, unknown, narration, fitter).run()
