"""Speaking in a Gradio app: audio as it is spoken, and what happens as Gradio shows it."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import gradio as gr

from utterly.gradio.installed import titles
from utterly.gradio.notices import Notices, errors_shown
from utterly.gradio.shared import shared
from utterly.speech import Speech

if TYPE_CHECKING:
    from utterly.audio import Samples
    from utterly.speech_stream import SpeechStream

Engines: TypeAlias = str | Sequence[str] | None
"""As a picker of engines gives it."""

SECONDS_AT_ONCE = 0.5
"""Of audio that Gradio gets at least: it makes a file of each piece."""


class WavStream:
    """Audio as it is spoken, in pieces that `gr.Audio(streaming=True)` plays one after the other.

    Use it in a `with` block and iterate over it: each piece is a WAV file. It shows what happens as
    `speak` does.

    Args:
        text: What to speak.
        engines: Configured names, first choice first, or one; as a picker gives it.
        voice: As `voice_picker` gives it.
        language: BCP 47 tag.
        speed: Factor, 0.5 to 2.
        progress: Shows downloads and loading.
    """

    def __init__(
        self,
        text: str,
        engines: Engines = None,
        voice: str | None = None,
        *,
        language: str | None = None,
        speed: float | None = None,
        progress: gr.Progress | None = None,
    ) -> None:
        self._text = text
        self._options: Any = {
            "engines": engines or None,
            "voice": voice or None,
            "language": language or None,
            "speed": speed,
        }
        self._progress = progress
        self._open = ExitStack()
        self._stream: SpeechStream | None = None

    @property
    def speech(self) -> Speech:
        """Who spoke what so far, with its subtitles; the samples are in the pieces alone."""
        return self._begun().speech

    def __enter__(self) -> Self:
        with ExitStack() as stack, errors_shown(titles()):
            notices = Notices(self._progress, titles())
            speaker = stack.enter_context(shared().heard_by(notices))
            self._stream = speaker.stream(self._text, keep_audio=False, **self._options)
            notices.request = self._stream.number
            stack.enter_context(self._stream)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[bytes]:
        """The pieces.

        Raises:
            gr.Error: Nobody could speak; what came before was spoken.
        """
        waiting: list[Samples] = []
        seconds, rate = 0.0, 0
        with errors_shown(titles()):
            for chunk in self._begun():
                waiting.append(chunk.samples)
                seconds, rate = seconds + chunk.duration, chunk.sample_rate
                if seconds >= SECONDS_AT_ONCE:
                    yield _wav(waiting, rate)
                    waiting, seconds = [], 0.0
            if waiting:
                yield _wav(waiting, rate)

    def _begun(self) -> SpeechStream:
        if self._stream is None:
            raise RuntimeError("the stream has not begun: use it in a `with` block")
        return self._stream


def speak(  # noqa: PLR0917  # Gradio gives what the components hold by position
    text: str,
    engines: Engines = None,
    voice: str | None = None,
    language: str | None = None,
    speed: float | None = None,
    progress: gr.Progress = gr.Progress(),  # noqa: B008  # Gradio finds it there
) -> Iterator[bytes]:
    """Speak a text, as the function of an event; the output is a `gr.Audio(streaming=True)`.

    Downloads are shown as progress, and an engine that stands in for another as a warning. The
    arguments are those of `WavStream`, by position as Gradio gives them; it fills `progress` in.

    Yields:
        WAV files, one after the other.

    Raises:
        gr.Error: Nobody could speak, or an argument cannot be right.
    """
    options: Any = {"language": language, "speed": speed, "progress": progress}
    with WavStream(text, engines, voice, **options) as stream:
        yield from stream


def _wav(pieces: Sequence[Samples], sample_rate: int) -> bytes:
    import numpy as np

    samples = np.clip(np.concatenate(pieces), -1.0, 1.0)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, sample_rate, 0, "NONE", ""))
        file.writeframes((samples * 32_767).astype("<i2").tobytes())
    return buffer.getvalue()
