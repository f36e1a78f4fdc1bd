"""Audio files: written piece by piece as speech comes, whole under their name or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from utterly.audio_formats import AudioFormat, find_format
from utterly.errors import OutputError
from utterly.output_path import check_folder, make_temporary, move_into_place, partial_path
from utterly.resampling import resample

if TYPE_CHECKING:
    from utterly.audio import Samples

BLOCK_FRAMES = 65_536
"""Written at once: libsndfile 1.2.2 overruns its stack on minutes of Ogg Vorbis in one block."""

EMPTY_FRAMES = 1_200
"""Of silence, where there is no audio at all."""

SPARE_BYTES = 1_000_000
"""Room that is left on a disk beyond what is expected to be written."""


def check_output(path: str | os.PathLike[str], seconds: float = 0.0) -> Path:
    """Refuse, before anything is spoken, a path that could not be written in the end.

    Args:
        path: Of the file to be.
        seconds: About how much audio it will have.

    Raises:
        OutputError: Its suffix is not known, it is too long for its format, its folder is missing
            or read-only, or the disk is too full.
    """
    needed = round(seconds * find_format(path).bytes_per_second)
    _check_length(Path(path), find_format(path), needed)
    return check_folder(path, needed + SPARE_BYTES)


class AudioFile:
    """An audio file in the making, beside its place until it is finished.

    Memory stays flat, however long it gets.

    Args:
        path: Where it will be; the suffix decides the format.
        sample_rate: In Hz, one that the format takes.
        tags: `title`, `artist`, `comment`: shown by players.

    Attributes:
        frames: Written so far.

    Raises:
        OutputError: It cannot be created.
    """

    def __init__(
        self, path: str | os.PathLike[str], sample_rate: int, tags: Mapping[str, str] | None = None
    ) -> None:
        self._target = check_output(path)
        self._format = find_format(path)
        self._temporary = make_temporary(self._target)
        self._file: Any = None
        self.frames = 0
        try:
            self._file = _open(str(self._temporary), self._format, sample_rate)
            _tag(self._file, tags or {})
        except BaseException as error:
            self.discard()
            told = self._told(error)
            raise told from error

    def write(self, samples: Samples) -> None:
        """Write more, between -1 and 1; louder samples are clipped.

        Args:
            samples: Mono float32, `[frames]`.

        Raises:
            OutputError: The disk is full, the file became too long for its format, or it was
                removed together with its folder.
        """
        if self._file is None:
            raise OutputError(f"{str(self._target)!r} is closed")
        _check_length(self._target, self._format, 2 * (self.frames + len(samples)))
        try:
            _write(self._file, samples)
        except (AssertionError, OSError, RuntimeError) as error:  # soundfile asserts that all went
            raise self._told(error) from error
        if not self._temporary.exists():  # a removed file takes whatever is written
            raise self._told(AssertionError())
        self.frames += len(samples)

    def finish(self) -> Path:
        """It is all there: give it its name.

        Speech without audio becomes a moment of silence: most formats cannot hold nothing.

        Raises:
            OutputError: Not all of it could be written; nothing of that name was touched.
        """
        import numpy as np

        if not self.frames:
            self.write(np.zeros(EMPTY_FRAMES, np.float32))
        self._close()
        try:
            self._check_whole()
            move_into_place(self._temporary, self._target)
        except BaseException:
            self.discard()
            raise
        return self._target

    def keep_partial(self) -> Path | None:
        """Keep what there is under a name that says that it is not all; `None` where it is nothing.

        Raises:
            OutputError: It could not be kept.
        """
        self._close()
        if not self.frames:
            self.discard()
            return None
        place = partial_path(self._target)
        move_into_place(self._temporary, place)
        return place

    def discard(self) -> None:
        """Leave nothing behind."""
        self._close()
        self._temporary.unlink(missing_ok=True)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _check_whole(self) -> None:
        """Read the length back: the library says nothing of a disk that fills up at the end."""
        import soundfile

        try:
            written = soundfile.info(str(self._temporary)).frames
        except soundfile.LibsndfileError as error:
            raise self._told(error) from error
        if written != self.frames:
            raise self._told(AssertionError())

    def _told(self, error: BaseException) -> BaseException:
        """The same error, for users if it is one of theirs."""
        if not isinstance(error, AssertionError | RuntimeError):
            return error
        gone = not self._temporary.exists()
        reason = "its folder was removed meanwhile" if gone else _reason(error)
        return OutputError(f"cannot write {str(self._target)!r}: {reason}")


def write_audio(
    path: str | os.PathLike[str], samples: Samples, sample_rate: int, tags: Mapping[str, str]
) -> None:
    """Write a file that is whole or absent.

    Args:
        path: The suffix decides the format.
        samples: Mono float32, `[frames]`, between -1 and 1; louder ones are clipped.
        sample_rate: In Hz; a format that refuses it gets another.
        tags: As in `AudioFile`.

    Raises:
        OutputError: It cannot be written.
    """
    rate = find_format(path).nearest_rate(sample_rate)
    file = AudioFile(path, rate, tags)
    try:
        file.write(resample(samples, sample_rate, rate))
    except BaseException:
        file.discard()
        raise
    file.finish()


def encode_audio(samples: Samples, sample_rate: int, suffix: str) -> bytes:
    """Encode in memory, otherwise as `write_audio` does.

    Raises:
        OutputError: The suffix is not known.
    """
    kind = find_format(f"speech{suffix}")
    rate = kind.nearest_rate(sample_rate)
    buffer = io.BytesIO()
    with _open(buffer, kind, rate) as file:
        _write(file, resample(samples, sample_rate, rate))
    return buffer.getvalue()


def _open(destination: str | io.BytesIO, kind: AudioFormat, sample_rate: int) -> Any:
    import soundfile

    return soundfile.SoundFile(
        destination, "w", sample_rate, 1, kind.subtype, format=kind.container
    )


def _write(file: Any, samples: Samples) -> None:
    import numpy as np

    for start in range(0, len(samples), BLOCK_FRAMES):
        block = samples[start : start + BLOCK_FRAMES]
        file.write(np.clip(block, -1.0, 1.0))  # not every encoder does so


def _tag(file: Any, tags: Mapping[str, str]) -> None:
    """Tags go before the audio: not every format takes them afterwards."""
    for name, text in tags.items():
        if text:
            setattr(file, name, text)


def _reason(error: BaseException) -> str:
    """What the library means; a refusal of the operating system's is a number to it."""
    system_error = 2  # SF_ERR_SYSTEM in libsndfile's sndfile.h
    if isinstance(error, AssertionError) or getattr(error, "code", None) == system_error:
        return "the disk is full; make room, or choose .mp3 or .opus"
    return str(error)


def _check_length(path: Path, kind: AudioFormat, count: int) -> None:
    if kind.most_bytes and count > kind.most_bytes:
        raise OutputError(
            f"cannot write {path.name!r}: it would be longer than its format can be;"
            " choose .flac, .mp3 or .opus"
        )
