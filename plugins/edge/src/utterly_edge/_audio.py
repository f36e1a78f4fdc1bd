"""MP3 as it comes, decoded frame by frame.

The service sends 24 kHz, 48 kbit/s, mono: frames of 144 bytes, each 24 ms. A frame is heard right
only with those before it, which hold a part of its bits and of its overlap: each batch is decoded
together with some of them, and only its own samples are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from utterly import InvalidAudioError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 24_000
FRAME_BYTES = 144
FRAME_SAMPLES = 576

ENCODER_DELAY = 1_105
"""Samples of silence that MP3 puts in front: 576 of a usual encoder, 529 of every decoder."""

_CONTEXT = 10
"""Frames: the 511 bytes that a frame may borrow lie in the five before it; twice that is safe."""

_BATCH = 8
_HEADERS = tuple(bytes((0xFF, version, 0x64)) for version in (0xF2, 0xF3))
"""MPEG-2 layer III, with a checksum or without; 48 kbit/s, 24 kHz, no padding."""


class Mp3Decoder:
    """Decodes one stream, beginning to end."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._context = b""
        self._delay = ENCODER_DELAY

    def feed(self, data: bytes) -> NDArray[np.float32]:
        """Take what has come.

        Returns:
            Samples, perhaps none: it waits for some frames, and keeps the last one for `finish`.

        Raises:
            InvalidAudioError: It is not MP3 as the service sends it.
        """
        self._data += data
        frames = len(self._data) // FRAME_BYTES - 1
        return self._decode(frames if frames >= _BATCH else 0)

    def finish(self) -> NDArray[np.float32]:
        """Decode what is left.

        Raises:
            InvalidAudioError: It ends within a frame, or is not MP3.
        """
        samples = self._decode(len(self._data) // FRAME_BYTES)
        if self._data:
            raise InvalidAudioError("the service's audio ends within a frame")
        return samples

    def _decode(self, frames: int) -> NDArray[np.float32]:
        import miniaudio
        import numpy as np

        if frames <= 0:
            return np.zeros(0, np.float32)
        size = frames * FRAME_BYTES
        data = bytes(self._data[:size])
        for start in range(0, size, FRAME_BYTES):
            if not data.startswith(_HEADERS, start):
                raise InvalidAudioError("the service sent something that is not its kind of MP3")
        whole = self._context + data
        try:
            decoded = miniaudio.mp3_read_f32(whole)
        except miniaudio.DecodeError as error:
            raise InvalidAudioError("the service's MP3 cannot be decoded") from error
        samples = np.frombuffer(decoded.samples, np.float32)[-frames * FRAME_SAMPLES :]
        if len(samples) < frames * FRAME_SAMPLES:  # the decoder leaves out what it cannot read
            raise InvalidAudioError("a part of the service's MP3 cannot be decoded")
        del self._data[:size]
        self._context = whole[-_CONTEXT * FRAME_BYTES :]
        late, self._delay = min(self._delay, len(samples)), max(0, self._delay - len(samples))
        return samples[late:]
