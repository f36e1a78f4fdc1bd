"""Audio as it comes: WAV or raw samples, which the bytes tell and not the model's name."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from utterly import Audio, IncompleteAudioError, InvalidAudioError

RATE = 24_000
"""Where nothing is said of it."""

_RAW_TYPES = ("audio/l16", "audio/pcm", "audio/raw")
_PCM, _EXTENSIBLE = 1, 0xFFFE
_UNKNOWN_LENGTHS = (0, 0xFFFF_FFFF)
"""Written by those who stream a WAV and cannot know yet."""


@dataclass(frozen=True, slots=True)
class _Format:
    """How samples are laid out.

    Attributes:
        rate: Frames per second.
        channels: Interleaved.
        length: Bytes in all, `None` where not known.
    """

    rate: int = RATE
    channels: int = 1
    length: int | None = None

    @property
    def frame(self) -> int:
        """Bytes of one."""
        return 2 * self.channels


class Sound:
    """Puts the pieces of one segment together.

    Attributes:
        frames: How many there were so far.
    """

    def __init__(self) -> None:
        self.frames = 0
        self._format: _Format | None = None
        self._pending = b""
        self._taken = 0

    def read(self, data: bytes, mime: str) -> Iterator[Audio]:
        """Take one piece; frames that are cut between two pieces are put together.

        Raises:
            InvalidAudioError: It is of a kind that cannot be read.
        """
        if data.startswith(b"RIFF") and self._format is None:
            self._format, data = _read_header(data)
        elif self._format is None:
            self._format = _read_type(mime)
        yield from self._take(data, self._format)

    def finish(self) -> Iterator[Audio]:
        """Check the end.

        Raises:
            InvalidAudioError: It is within a frame.
            IncompleteAudioError: A WAV says that there is more.
        """
        if self._pending:
            raise InvalidAudioError("the audio ends within a sample")
        length = self._format.length if self._format else None
        if length is not None and self._taken < length:
            raise IncompleteAudioError(f"the WAV has {self._taken} bytes of {length}")
        yield from ()

    def _take(self, data: bytes, form: _Format) -> Iterator[Audio]:
        if form.length is not None:
            data = data[: form.length - self._taken]  # what follows the samples is no sound
        self._taken += len(data)
        data = self._pending + data
        whole = len(data) // form.frame * form.frame
        self._pending = data[whole:]
        if whole:
            self.frames += whole // form.frame
            yield Audio.from_pcm16(data[:whole], form.rate, channels=form.channels)


def _read_type(mime: str) -> _Format:
    """Read a type such as `audio/L16;codec=pcm;rate=24000`.

    By RFC 2586 its samples would be big-endian; Google's are little-endian.
    """
    kind, *parameters = mime.lower().split(";")
    if kind.strip() not in _RAW_TYPES:
        raise InvalidAudioError(f"audio of the type {kind.strip()[:40]!r} cannot be read")
    pairs = (parameter.partition("=") for parameter in parameters)
    values = {name.strip(): value.strip() for name, _, value in pairs}
    return _format(_number(values.get("rate"), RATE), _number(values.get("channels"), 1), None)


def _number(text: str | None, default: int) -> int:
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _read_header(data: bytes) -> tuple[_Format, bytes]:
    """Read the head of a WAV: its format, and the bytes after it."""
    place, form = 12, None
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        place += 8
        if name == b"fmt " and place + 16 <= len(data):
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, place)
            if kind not in (_PCM, _EXTENSIBLE) or bits != 16:
                raise InvalidAudioError(f"a WAV of format {kind} with {bits} bits cannot be read")
            form = rate, channels
        if name == b"data" and form:
            is_known = size not in _UNKNOWN_LENGTHS
            return _format(*form, size if is_known else None), data[place:]
        place += size + size % 2  # chunks begin at even places
    raise InvalidAudioError("a WAV without samples")


def _format(rate: int, channels: int, length: int | None) -> _Format:
    if not 8_000 <= rate <= 192_000 or not 1 <= channels <= 8:
        raise InvalidAudioError(f"audio of {rate} Hz and {channels} channels cannot be read")
    return _Format(rate, channels, length)
