"""The track while it grows: speech at its frame, mixed where it overlaps, never clipped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from utterly.audio import Samples

BLOCK_FRAMES = 65_536
"""What comes out at once, so that half an hour of silence takes no memory either."""

LOOK_SECONDS = 0.005
"""The limiter turns down from two looks before a peak to two after it, which nobody hears."""


class Mix:
    """A track to which speech is added in order of start; what is final comes out in blocks.

    Args:
        sample_rate: In Hz.
        frames: How long it is; speech beyond that is cut off.
    """

    def __init__(self, sample_rate: int, frames: int) -> None:
        self._frames = frames
        self._limiter = Limiter(sample_rate)
        self._waiting: Samples = np.empty(0, np.float32)
        self._begin = 0

    def add(self, frame: int, samples: Samples) -> Iterator[Samples]:
        """Mix in speech; nothing will be added before it any more, so all of that comes out.

        Args:
            frame: Where it begins, not before what was added last.
            samples: Mono float32, `[frames]`.
        """
        yield from self._settle(frame)
        added = samples[: max(0, self._frames - frame)]
        mixed = np.zeros(max(len(self._waiting), len(added)), np.float32)
        mixed[: len(self._waiting)] = self._waiting
        mixed[: len(added)] += added
        self._waiting = mixed

    def finish(self) -> Iterator[Samples]:
        """All speech is there: have out the rest of the track."""
        yield from self._settle(self._frames)
        yield from self._limiter.finish()

    def break_off(self) -> Iterator[Samples]:
        """No more will come: have out what there is, and no silence after it."""
        yield from self._settle(self._begin + len(self._waiting))
        yield from self._limiter.finish()

    def _settle(self, frame: int) -> Iterator[Samples]:
        while (missing := min(frame, self._frames) - self._begin) > 0:
            block = self._waiting[: min(BLOCK_FRAMES, missing)]
            silence = min(BLOCK_FRAMES, missing) - len(block)
            self._waiting = self._waiting[len(block) :]
            self._begin += len(block) + silence
            yield from self._limiter.add(np.pad(block, (0, silence)))


class Limiter:
    """Turns down what is louder than full scale, and leaves alone all that is not.

    A peak is turned down to full scale; the gain goes smoothly there and back.

    Args:
        sample_rate: In Hz.
    """

    def __init__(self, sample_rate: int) -> None:
        self._look = round(LOOK_SECONDS * sample_rate)
        # Twice the look on each side of what comes out next; at first, silence before the track.
        self._known: Samples = np.zeros(2 * self._look, np.float32)

    def add(self, samples: Samples) -> Iterator[Samples]:
        """Take in more; all but the last moment of it comes out."""
        known, look = np.concatenate([self._known, samples]), self._look
        out = known[2 * look : len(known) - 2 * look]
        if len(out):
            self._known = known[-4 * look :]
            yield out * self._gains(known) if np.abs(known).max() > 1.0 else out
        else:
            self._known = known

    def finish(self) -> Iterator[Samples]:
        """Have out the last moment."""
        yield from self.add(np.zeros(2 * self._look, np.float32))

    def _gains(self, known: Samples) -> Samples:
        """The gain of each sample, but for the margins.

        The mean of the lowest gains around is never above the one that is needed.
        """
        needed = 1.0 / np.maximum(np.abs(known), 1.0)
        width = 2 * self._look + 1
        lowest = np.lib.stride_tricks.sliding_window_view(needed, width).min(axis=1)
        sums = np.concatenate([[0.0], np.cumsum(lowest, dtype=np.float64)])
        gains: Samples = ((sums[width:] - sums[:-width]) / width).astype(np.float32)
        return gains
