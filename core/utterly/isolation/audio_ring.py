"""Audio through shared memory: written in turn, read in the same order, given free as it is read.

Whoever writes waits until there is room. Each side copies once, from an array into the memory and
from there into an array: a fraction of a millisecond for a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from mmap import mmap
from threading import Condition, Lock
from typing import TYPE_CHECKING

import numpy as np

from utterly.audio import Audio
from utterly.isolation.messages import Piece

if TYPE_CHECKING:
    from utterly.audio import Samples

RING_BYTES = 2 * 2**20
"""Some twenty seconds at the usual rate; longer pieces go through in parts."""

FRAME_BYTES = 4


class AudioWriter:
    """The end that an engine's process has.

    Args:
        memory: Shared with the reader.
    """

    def __init__(self, memory: mmap) -> None:
        self._ring: Samples = np.frombuffer(memory, np.float32)
        self._next = 0
        self._free = len(self._ring)
        self._freed = Condition()
        self._writing = Lock()

    def write(self, samples: Samples, announce: Callable[[int, int, bool], None]) -> None:
        """Write a piece, in parts where it has to wait for room.

        Args:
            samples: Mono, `[frames]`.
            announce: Tells the reader of each part: where it starts, how long it is, and whether
                it is the last. The reader hears of parts in the order that they were written in.
        """
        done = 0
        while True:
            with self._writing:
                start, frames = self._take_room(len(samples) - done)
                self._ring[start : start + frames] = samples[done : done + frames]
                done += frames
                try:
                    announce(start, frames, done == len(samples))
                except BaseException:  # nobody will free what nobody has heard of
                    self._next = start
                    self.free(frames)
                    raise
            if done == len(samples):
                return

    def free(self, frames: int) -> None:
        """Note that the reader has taken the oldest so many frames."""
        with self._freed:
            self._free += frames
            self._freed.notify_all()

    def _take_room(self, wanted: int) -> tuple[int, int]:
        """Wait until there is room in one piece, for all that is wanted or to the ring's end."""
        frames = min(wanted, len(self._ring) - self._next)
        with self._freed:
            self._freed.wait_for(lambda: self._free >= frames)
            self._free -= frames
        start = self._next
        self._next = (start + frames) % len(self._ring)
        return start, frames


class AudioReader:
    """The end that the program has.

    Args:
        memory: Shared with the writer.
    """

    def __init__(self, memory: mmap) -> None:
        self._ring: Samples = np.frombuffer(memory, np.float32)
        self._parts: dict[int, list[Samples]] = {}

    def take(self, piece: Piece) -> Audio | None:
        """Take a piece out, as an array of its own; `None` until its last part has come.

        Raises:
            ValueError: It is not in the memory.
        """
        end = piece.start + piece.frames
        if not 0 <= piece.start <= end <= len(self._ring):
            raise ValueError(f"frames {piece.start} to {end} are not in the ring")
        parts = self._parts.setdefault(piece.call, [])
        parts.append(self._ring[piece.start : end].copy())
        if not piece.is_last:
            return None
        del self._parts[piece.call]
        samples = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return Audio(samples, piece.sample_rate, piece.words)
