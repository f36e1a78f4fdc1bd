"""Speech that a program can check: each text as a coded tone, and a decoder that hears it again.

A coded tone is made of symbols of 10 ms: a start marker of three, six digits that hold 24 bits of
the text's checksum, a carrier for the rest of the time, and an end marker of three. Every
frequency is a multiple of 200 Hz: symbols join without a click, and a window of 5 ms tells them
apart exactly.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from utterly.audio import Samples

AMPLITUDE = 0.25
SYMBOLS_PER_SECOND = 100
SHORTEST_SECONDS = 0.13

_MARKER_SYMBOLS = 3
_DIGITS = 6
_START, _END, _CARRIER = 600, 800, 4_400
_DIGIT_FREQUENCIES = tuple(range(1_000, 4_200, 200))
_FREQUENCIES = (_START, _END, _CARRIER, *_DIGIT_FREQUENCIES)

_SILENCE = 1e-3  # amplitude; what stays below it is no tone
_PURITY = 0.6  # share of a window's energy that its tone must have
_WINDOW_MS = 5
_SHORTEST_RUN_MS = 4  # what is shorter is the seam of two tones
_LONGEST_GAP_MS = 5
_START_MS, _END_MS = 15, 24  # of 30: the rest may be lost in a fade
_BLOCK_MS = 10_000


@dataclass(frozen=True, slots=True)
class Heard:
    """One coded tone that was heard.

    Attributes:
        text: What it says; `None` where the code was cut, or is not that of an expected text.
        complete: Whether it was heard from its start to its end, without a gap. The last 6 ms do
            not count: they cannot be told from a fade.
        start: Seconds from the beginning of the samples.
        end: Seconds, at most 5 ms off, as is `start`.
    """

    text: str | None
    complete: bool
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Run:
    """The same frequency for a while; times in milliseconds, `last` excluded."""

    frequency: int
    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first


def tone(text: str, *, sample_rate: int = 24_000, seconds: float = 0.3) -> Samples:
    """Speak a text as a coded tone.

    Args:
        text: White space at its ends, and how much there is between words, make no difference.
        sample_rate: Frames per second, 16,000 or more.
        seconds: Length, rounded to 10 ms; never under 0.13.

    Returns:
        Mono samples, float32 `[frames]`, with a peak of -12 dBFS.
    """
    import numpy as np

    symbols = _symbols(text, max(seconds, SHORTEST_SECONDS))
    times = np.arange(round(len(symbols) * sample_rate / SYMBOLS_PER_SECOND)) / sample_rate
    # The small addition keeps a time that stands exactly between two symbols in the later one.
    index = np.minimum((times * SYMBOLS_PER_SECOND + 1e-6).astype(int), len(symbols) - 1)
    wave: Samples = np.sin(2 * np.pi * np.asarray(symbols)[index] * times).astype(np.float32)
    return np.float32(AMPLITUDE) * wave


def hear(samples: Samples, sample_rate: int, texts: Iterable[str]) -> tuple[Heard, ...]:
    """List the coded tones in some audio, in order, with repeats and partial ones.

    Resampling, short fades, silence between the tones and a gain of 0.1 to 1 do no harm.

    Args:
        samples: Mono, floating point, `[frames]`.
        sample_rate: Frames per second, 16,000 or more.
        texts: What may have been said.
    """
    known = {_digits(text): text for text in texts}
    frequencies = _frequencies(samples, sample_rate)
    return tuple(_interpret(runs, frequencies, known) for runs in _tones(_runs(frequencies)))


def _symbols(text: str, seconds: float) -> list[int]:
    """Frequency of each symbol."""
    code = [_DIGIT_FREQUENCIES[digit] for digit in _digits(text)]
    carriers = round(seconds * SYMBOLS_PER_SECOND) - 2 * _MARKER_SYMBOLS - _DIGITS
    return [_START] * _MARKER_SYMBOLS + code + [_CARRIER] * carriers + [_END] * _MARKER_SYMBOLS


def _digits(text: str) -> tuple[int, ...]:
    """24 bits of the text's checksum, four at a time."""
    checksum = zlib.crc32(" ".join(text.split()).encode("utf-8", "surrogatepass"))
    return tuple(checksum >> shift & 0xF for shift in range(0, 4 * _DIGITS, 4))


def _frequencies(samples: Samples, sample_rate: int) -> list[int]:
    """The tone around each millisecond in Hz, 0 where there is none."""
    import numpy as np

    width = round(_WINDOW_MS * sample_rate / 1000)
    count = max(0, int((len(samples) - width) * 1000 / sample_rate) + 1)
    # Half a window of silence in front, so that each window is around its millisecond.
    found = [0] * (_WINDOW_MS // 2)
    for block in range(0, count, _BLOCK_MS):
        hops = np.arange(block, min(block + _BLOCK_MS, count))
        starts = (hops * sample_rate / 1000).astype(int)
        windows = np.asarray(samples, np.float32)[starts[:, None] + np.arange(width)]
        found.extend(_classify(windows, sample_rate).tolist())
    return found


def _classify(windows: NDArray[np.floating], sample_rate: int) -> NDArray[np.int_]:
    """The tone that fills each window, `[windows, frames]`, or 0."""
    import numpy as np

    width = windows.shape[1]
    phases = 2 * np.pi * np.outer(np.arange(width) / sample_rate, _FREQUENCIES)
    waves = np.hstack([np.cos(phases), np.sin(phases)]).astype(np.float32)
    real, imaginary = np.hsplit(windows @ waves, 2)
    strength = real**2 + imaginary**2
    energy = np.sum(windows**2, axis=1)
    best = strength.argmax(axis=1)
    purity = 2 * strength.max(axis=1) / (width * np.maximum(energy, 1e-12))
    clear = (purity > _PURITY) & (energy > width * _SILENCE**2)
    return np.where(clear, np.asarray(_FREQUENCIES)[best], 0)


def _runs(frequencies: list[int]) -> Iterator[_Run]:
    """Stretches of one frequency, seams and silence left out."""
    first = 0
    for place in range(1, len(frequencies) + 1):
        if place < len(frequencies) and frequencies[place] == frequencies[first]:
            continue
        if frequencies[first] and place - first >= _SHORTEST_RUN_MS:
            yield _Run(frequencies[first], first, place)
        first = place


def _tones(runs: Iterator[_Run]) -> Iterator[list[_Run]]:
    """The runs of one coded tone at a time."""
    current: list[_Run] = []
    for run in runs:
        if current and _is_new(current[-1], run):
            yield current
            current = []
        current.append(run)
    if current:
        yield current


def _is_new(before: _Run, run: _Run) -> bool:
    gap = run.first - before.last > _LONGEST_GAP_MS
    return gap or run.frequency == _START or before.frequency == _END


def _interpret(
    runs: list[_Run], frequencies: list[int], known: dict[tuple[int, ...], str]
) -> Heard:
    start, end = runs[0].first / 1000, runs[-1].last / 1000
    code = _read_code(runs[0], frequencies)
    if code is None:
        return Heard(None, complete=False, start=start, end=end)
    code_end = runs[0].last + _DIGITS * 1000 // SYMBOLS_PER_SECOND
    rest = [run for run in runs if run.first >= code_end - _SHORTEST_RUN_MS]
    return Heard(known.get(code), _is_whole(rest), start, end)


def _read_code(marker: _Run, frequencies: list[int]) -> tuple[int, ...] | None:
    """The six digits after a start marker, `None` where one is missing."""
    if marker.frequency != _START or marker.length < _START_MS:
        return None
    centres = [marker.last + (2 * place + 1) * 5 for place in range(_DIGITS)]
    found = [_around(frequencies, centre) for centre in centres]
    if not all(frequency in _DIGIT_FREQUENCIES for frequency in found):
        return None
    return tuple(_DIGIT_FREQUENCIES.index(frequency) for frequency in found)


def _around(frequencies: list[int], centre: int) -> int:
    """The tone that most of five milliseconds have."""
    nearby = frequencies[centre - 2 : centre + 3]
    return max(nearby, key=nearby.count, default=0)


def _is_whole(runs: list[_Run]) -> bool:
    """Whether, after the code, there was carrier and nothing else up to an end marker."""
    *carrier, end = runs or [_Run(0, 0, 0)]
    whole_end = end.frequency == _END and end.length >= _END_MS
    return bool(carrier) and whole_end and all(run.frequency == _CARRIER for run in carrier)
