"""Audio through shared memory: whole, in order, and no faster than it is taken."""

from __future__ import annotations

from collections.abc import Callable
from mmap import mmap
from queue import SimpleQueue
from threading import Event, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.audio import Audio
from utterly.isolation.audio_ring import FRAME_BYTES, AudioReader, AudioWriter
from utterly.isolation.messages import Piece

RING_FRAMES = 4_096


def numbered(frames: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Samples that are all different."""
    return np.arange(frames, dtype=np.float32)


def announce_to(pieces: SimpleQueue[Piece], call: int = 1) -> Callable[[int, int, bool], None]:
    """What tells a reader of parts, as a process does."""
    return lambda start, frames, is_last: pieces.put(
        Piece(call, start, frames, 24_000, (), is_last)
    )


@given(lengths=st.lists(st.integers(0, 3 * RING_FRAMES), max_size=8))
def test_pieces_of_any_length_arrive_as_they_were(lengths: list[int]) -> None:
    """Whatever does not fit at once goes through in parts."""
    memory = mmap(-1, RING_FRAMES * FRAME_BYTES)
    writer, reader = AudioWriter(memory), AudioReader(memory)
    pieces: SimpleQueue[Piece] = SimpleQueue()

    def write() -> None:
        for length in lengths:
            writer.write(numbered(length), announce_to(pieces))

    thread = Thread(target=write, daemon=True)
    thread.start()
    arrived: list[Audio] = []
    while len(arrived) < len(lengths):
        piece = pieces.get(timeout=10)
        audio = reader.take(piece)
        writer.free(piece.frames)
        arrived += [audio] if audio is not None else []
    thread.join(10)

    assert lengths == [len(audio.samples) for audio in arrived]
    assert all(np.array_equal(numbered(len(audio.samples)), audio.samples) for audio in arrived)


def test_writer_waits_for_room() -> None:
    """What was not taken yet is not written over."""
    writer = AudioWriter(mmap(-1, RING_FRAMES * FRAME_BYTES))
    pieces: SimpleQueue[Piece] = SimpleQueue()
    writer.write(numbered(RING_FRAMES), announce_to(pieces))
    is_written = Event()

    def write() -> None:
        writer.write(numbered(1), announce_to(pieces))
        is_written.set()

    Thread(target=write, daemon=True).start()
    waited = not is_written.wait(0.05)
    writer.free(RING_FRAMES)

    assert waited
    assert is_written.wait(10)


def test_what_could_not_be_announced_takes_no_room() -> None:
    """A piece that cannot be sent does not block those after it."""
    writer = AudioWriter(mmap(-1, RING_FRAMES * FRAME_BYTES))
    pieces: SimpleQueue[Piece] = SimpleQueue()

    def fail(_start: int, _frames: int, _is_last: bool) -> None:
        raise TypeError

    with pytest.raises(TypeError):
        writer.write(numbered(100), fail)
    writer.write(numbered(RING_FRAMES), announce_to(pieces))

    assert (0, RING_FRAMES) == ((piece := pieces.get()).start, piece.frames)


def test_parts_of_two_calls_are_kept_apart() -> None:
    """Segments in flight at the same time share the ring, not their audio."""
    memory = mmap(-1, RING_FRAMES * FRAME_BYTES)
    writer, reader = AudioWriter(memory), AudioReader(memory)
    pieces: SimpleQueue[Piece] = SimpleQueue()
    writer.write(numbered(10), announce_to(pieces, call=1))
    writer.write(numbered(20), announce_to(pieces, call=2))
    first, second = pieces.get(), pieces.get()
    parts = [
        Piece(1, first.start, 10, 24_000, (), is_last=False),
        second,
        Piece(1, first.start, 10, 24_000, (), is_last=True),
    ]

    taken = [reader.take(part) for part in parts]

    assert [None, 20, 20] == [audio and len(audio.samples) for audio in taken]


def test_reader_refuses_what_is_not_in_the_ring() -> None:
    """A process that has lost its mind cannot make this one read elsewhere."""
    reader = AudioReader(mmap(-1, RING_FRAMES * FRAME_BYTES))

    with pytest.raises(ValueError, match="not in the ring"):
        reader.take(Piece(1, RING_FRAMES - 1, 2, 24_000, (), is_last=True))
