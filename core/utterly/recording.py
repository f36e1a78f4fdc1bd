"""Writing a request's speech to a file as it is spoken, with flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from utterly.audio_file import AudioFile
from utterly.errors import AllEnginesFailedError, OutputError
from utterly.speech import Speech, make_tags

if TYPE_CHECKING:
    from utterly.audio import AudioChunk


def record(
    path: Path,
    sample_rate: int,
    chunks: Iterable[AudioChunk],
    speech: Callable[[], Speech],
) -> Speech:
    """Write speech to a file; what ends early is kept under a name that says so.

    Args:
        path: Where it will be if it is complete.
        sample_rate: Of the chunks, in Hz.
        chunks: The audio as it comes.
        speech: What has been spoken so far.

    Returns:
        The speech, with the file that it is in.

    Raises:
        OutputError: The file cannot be written.
        AllEnginesFailedError: As the chunks raise it; its speech tells the file too.
    """
    recording = _Recording(path, sample_rate, speech)
    try:
        for chunk in chunks:
            recording.add(chunk)
        recording.write_waiting()
    except AllEnginesFailedError as error:
        error.speech = replace(error.speech, output=recording.keep_partial())
        raise
    except OutputError:
        recording.discard()
        raise
    except BaseException:  # interrupted or cancelled: nothing that was spoken is lost
        with suppress(OutputError):
            recording.keep_partial()
        raise
    result = speech()
    place = recording.finish() if result.status == "complete" else recording.keep_partial()
    return replace(result, output=place)


class _Recording:
    """The file, opened when it is known who speaks: not every format takes tags afterwards."""

    def __init__(self, path: Path, sample_rate: int, speech: Callable[[], Speech]) -> None:
        self._path = path
        self._sample_rate = sample_rate
        self._speech = speech
        self._waiting: list[AudioChunk] = []
        self._file: AudioFile | None = None

    def add(self, chunk: AudioChunk) -> None:
        """Write a chunk, or keep it until the first segment is whole."""
        if self._file is not None:
            self._file.write(chunk.samples)
            return
        self._waiting.append(chunk)
        if chunk.segment != self._waiting[0].segment:
            self.write_waiting()

    def write_waiting(self) -> None:
        """Open the file, and write what had to wait for that."""
        if self._file is None:
            tags = make_tags(self._path, self._speech().speakers)
            self._file = AudioFile(self._path, self._sample_rate, tags)
            for chunk in self._waiting:
                self._file.write(chunk.samples)
            self._waiting.clear()

    def finish(self) -> Path:
        """Give the whole file its name."""
        self.write_waiting()
        assert self._file is not None  # noqa: S101  # for the type checker
        return self._file.finish()

    def keep_partial(self) -> Path | None:
        """Keep what there is, if there is anything."""
        self.write_waiting()
        assert self._file is not None  # noqa: S101  # for the type checker
        return self._file.keep_partial()

    def discard(self) -> None:
        """Leave nothing behind."""
        if self._file is not None:
            self._file.discard()
