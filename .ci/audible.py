#!/usr/bin/env python3
"""Check that a WAV file holds speech that can be heard, of a length within bounds.

Usage: `audible.py FILE SHORTEST LONGEST`, in seconds. Needs nothing but the standard library.
"""

from __future__ import annotations

import sys
import wave
from array import array

QUIETEST = 0.01
"""RMS over the whole file, as a share of full scale: -40 dBFS."""


def main() -> None:
    """Exit with a line that says what is wrong."""
    path, shortest, longest = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    try:
        seconds, level = measure(path)
    except (OSError, wave.Error) as error:
        sys.exit(f"{path}: {error}")
    if not shortest <= seconds <= longest:
        sys.exit(f"{path}: {seconds:.2f} s long, not {shortest:g} to {longest:g} s")
    if level < QUIETEST:
        sys.exit(f"{path}: RMS {level:.4f} of full scale is hardly audible")


def measure(path: str) -> tuple[float, float]:
    """Length in seconds, and RMS as a share of full scale, of 16-bit mono audio."""
    with wave.open(path, "rb") as file:
        rate, data = file.getframerate(), file.readframes(file.getnframes())
    samples = array("h", data)
    if sys.byteorder == "big":
        samples.byteswap()
    power = sum(sample * sample for sample in samples) / max(1, len(samples))
    return len(samples) / rate, power**0.5 / 32768


if __name__ == "__main__":
    main()
