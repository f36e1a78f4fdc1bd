"""From semitones to the library's parameters.

The library makes the pitch of a sound from two numbers of the voice, a base and a range, written
`pitch LOW HIGH` in the voice's file (`SetPitch2` in its `wavegen.c`, `LoadVoice` in `voices.c`)::

    base   = (LOW - 9) * 4096           range = (HIGH - LOW) * 108
    r      = espeakRANGE / 50           b     = 2 ** ((espeakPITCH - 50) / 50)
    sound  = base * b - range * (r - 1) * 18 + (contour, times range * r / 2)

To move every sound by a factor k, the range has to grow by it (r = k) and the base with it:
b = k + c * (k - 1), where c = 18 * range / base. Measured on the fundamental frequency of five
voices, this is right within 0.3 semitones from about -8 to +9, where the parameters end. What is
left of k beyond is done by resampling, with the voice slowed down or sped up to make good for it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LOWEST_BASE = 0.5
_HIGHEST_BASE = 2 ** (49 / 50)
"""What b is for the parameter's ends, 0 and 99."""

_DEFAULT_LIMITS = (82, 118)
_PITCH_LINE = re.compile(rb"^\s*pitch\s+(\d+)\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pitch:
    """How to reach a pitch.

    Attributes:
        parameter: `espeakPITCH`.
        range_parameter: `espeakRANGE`.
        resampling: Factor on the frequency that is still missing; 1 for none.
    """

    parameter: int = 50
    range_parameter: int = 50
    resampling: float = 1.0


def plan_pitch(semitones: float, *voice_files: Path) -> Pitch:
    """Find the parameters that move a voice by so many semitones.

    Args:
        semitones: Up or down.
        voice_files: The voice's file, then that of its variant where it has one.
    """
    if not semitones:
        return Pitch()
    low, high = _limits(voice_files)
    spread = 18 * 108 * (high - low) / (4096 * (low - 9))
    wanted = 2 ** (semitones / 12)
    factor = min(max(wanted, _reach(_LOWEST_BASE, spread)), _reach(_HIGHEST_BASE, spread))
    base = factor + spread * (factor - 1)
    return Pitch(round(50 + 50 * math.log2(base)), round(50 * factor), wanted / factor)


def _reach(base: float, spread: float) -> float:
    """The factor that takes the base to this."""
    return (base + spread) / (1 + spread)


@cache
def _limits(voice_files: tuple[Path, ...]) -> tuple[int, int]:
    """The pitch of a voice; a variant's own comes before that of its voice."""
    for file in reversed(voice_files):
        if found := _PITCH_LINE.search(file.read_bytes()):
            return int(found[1]), int(found[2])
    return _DEFAULT_LIMITS
