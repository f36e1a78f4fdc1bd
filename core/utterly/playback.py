"""Speech through this machine's loudspeaker, with the library of the extra `[play]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utterly.errors import OutputError

if TYPE_CHECKING:
    from utterly.audio import Samples

PIECE_SECONDS = 0.1
"""What is handed over at once; between two pieces an interruption gets through."""


def play(samples: Samples, sample_rate: int) -> None:
    """Play audio, and return when it is over; an interruption ends it at once.

    Args:
        samples: Mono float32, `[frames]`.
        sample_rate: Frames per second.

    Raises:
        OutputError: The extra `[play]`, its system library or an audio device is missing.
    """
    play_pieces([samples], sample_rate)


def play_file(path: Path) -> None:
    """Play a file of any format that Utterly writes, with flat memory; otherwise as `play`."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            blocks = file.blocks(round(PIECE_SECONDS * file.samplerate), dtype="float32")
            play_pieces(blocks, file.samplerate)
    except soundfile.LibsndfileError as error:
        raise OutputError(f"cannot play {str(path)!r}: {error}") from error


def play_pieces(pieces: Iterable[Samples], sample_rate: int) -> None:
    """Play pieces one after the other, as they come; otherwise as `play`."""
    library = _library()
    try:
        stream = library.OutputStream(sample_rate, channels=1, dtype="float32")
        with stream:
            try:
                for piece in _short_pieces(pieces, sample_rate):
                    stream.write(piece)
            except BaseException:
                stream.abort()  # leaving the block would play what has been handed over
                raise
    except library.PortAudioError as error:
        raise _refused(error) from error


def find_device() -> str:
    """The name of the device that would be played through; nothing is played.

    Raises:
        OutputError: As `play`.
    """
    library = _library()
    try:
        device = library.query_devices(kind="output")
    except library.PortAudioError as error:
        raise _refused(error) from error
    return str(device["name"])


def _library() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        raise OutputError('cannot play: pip install "utterly[play]"') from error
    except OSError as error:  # its wheels bring PortAudio for macOS and Windows only
        raise OutputError(
            "cannot play: PortAudio is missing; install libportaudio2 (on Debian and Ubuntu:"
            " sudo apt install libportaudio2)"
        ) from error
    return sounddevice


def _short_pieces(pieces: Iterable[Samples], sample_rate: int) -> Iterator[Samples]:
    frames = max(1, round(PIECE_SECONDS * sample_rate))
    for piece in pieces:
        for start in range(0, len(piece), frames):
            yield piece[start : start + frames]


def _refused(error: Exception) -> OutputError:
    """What PortAudio says, with the next step; its first argument is the message."""
    said = error.args[0] if error.args else type(error).__name__
    return OutputError(
        f"cannot play: is an audio output connected and switched on? PortAudio says: {said}"
    )
