"""File formats that speech can be written in, by the suffix of a file's name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from utterly.errors import OutputError

SAMPLE_RATE = 24_000
"""Of speech, unless its format cannot have it, in Hz: what most engines speak at."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One format.

    Attributes:
        container: libsndfile's name of the container.
        subtype: libsndfile's name of the encoding.
        bytes_per_second: About how much a second of speech takes, for checks of free space.
        sample_rates: Those that it takes in Hz, ascending; empty where it takes any.
        most_bytes: What its header can count at most, 0 for no limit.
    """

    container: str
    subtype: str
    bytes_per_second: int
    sample_rates: tuple[int, ...] = ()
    most_bytes: int = 0

    def nearest_rate(self, sample_rate: int) -> int:
        """The rate that loses nothing of `sample_rate`, else the highest there is."""
        if not self.sample_rates:
            return sample_rate
        enough = (rate for rate in self.sample_rates if rate >= sample_rate)
        return next(enough, self.sample_rates[-1])


_MPEG_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)

FORMATS = {
    ".wav": AudioFormat("WAV", "PCM_16", 48_000, most_bytes=2**32 - 4096),
    ".flac": AudioFormat("FLAC", "PCM_16", 26_000),
    ".ogg": AudioFormat("OGG", "VORBIS", 6_500),
    ".opus": AudioFormat("OGG", "OPUS", 4_500, _OPUS_RATES),
    ".mp3": AudioFormat("MP3", "MPEG_LAYER_III", 9_500, _MPEG_RATES),
}
"""Every format, by suffix."""


def find_format(path: str | os.PathLike[str]) -> AudioFormat:
    """The format that a file's name asks for.

    Raises:
        OutputError: Its suffix is none of `FORMATS`.
    """
    known = FORMATS.get(Path(path).suffix.lower())
    if known is None:
        *others, last = FORMATS
        raise OutputError(
            f"cannot write {Path(path).name!r}: choose a name that ends in"
            f" {', '.join(others)} or {last}"
        )
    return known
