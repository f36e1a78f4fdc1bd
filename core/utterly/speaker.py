"""`Speaker`: a chain of engines with its loaded models, shared between threads."""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import TracebackType
from typing import Self, Unpack

from utterly.dubbing.api import USUAL_FASTEST, dub_script
from utterly.dubbing.dub import Dub
from utterly.dubbing.script import Script
from utterly.engine_info import Voice
from utterly.speaker_base import SpeakerBase
from utterly.speech import Speech
from utterly.speech_stream import SpeechStream
from utterly.text_source import Piece, Text
from utterly.wishes import SpeechOptions


class Speaker(SpeakerBase):
    """Speaks through a chain of engines; what it loads is shared between all its threads.

    Use it as a context manager, or call `close()`.

    Its arguments are those of `SpeakerBase`.
    """

    def say(
        self,
        text: str | Iterable[Piece],
        *,
        output: str | os.PathLike[str] | None = None,
        **options: Unpack[SpeechOptions],
    ) -> Speech:
        """Speak text; every sentence is in the result exactly once, in order.

        Args:
            text: Any length; blank text gives speech without audio. Also turns, each a voice and
                what it says: `[("narrator", "…"), ("anna", "…")]`.
            output: A file to write to as it is spoken, with flat memory; ends in `.wav`, `.flac`,
                `.ogg`, `.opus` or `.mp3`. It appears when it is complete; what is not is kept
                as `NAME.partial.SUFFIX`.
            **options: How to speak, see `SpeechOptions`.

        Raises:
            OutputError: The file cannot be written.
            InvalidRequestError: An argument that cannot be right; nothing was tried.
            AllEnginesFailedError: No engine could speak a segment.
            NoEngineError: Nothing is installed to speak with.
            ClosedError: The speaker is closed.
            RequestCancelledError: It was closed meanwhile.
        """
        with self._requests.begin(options, text=text, live=False, output=output) as request:
            return request.speak(text)

    def stream(
        self, text: Text, *, keep_audio: bool = True, **options: Unpack[SpeechOptions]
    ) -> SpeechStream:
        """Speak text while it is being listened to, and even while it is still arriving.

        What was given out is never taken back and never repeated.

        Args:
            text: All at once, or pieces such as the tokens of a language model.
            keep_audio: Whether `speech` has the samples in the end. Without them, memory stays flat
                however long it speaks; who listens has heard them.
            **options: How to speak, see `SpeechOptions`.

        Returns:
            A stream to use in a `with` block; iterating over it gives the audio.
        """
        return SpeechStream(self._requests, text, options, keep_audio=keep_audio)

    def dub(
        self,
        script: str | os.PathLike[str] | Script,
        *,
        output: str | os.PathLike[str] | None = None,
        fastest: float = USUAL_FASTEST,
        **options: Unpack[SpeechOptions],
    ) -> Dub:
        """Speak a subtitle file: a track as long as the subtitles, with each cue at its time.

        A cue that takes longer than its time takes the silence after it too. Where that is not
        enough it is spoken faster, and where that is not enough either it runs over into the next,
        but never beyond the end of the track. Cues that overlap are mixed.

        Args:
            script: The file, `.srt`, `.vtt` or `.ass`, or what `utterly.dubbing.read_script` read
                of it. `<v Anna>` and `ANNA:` have the persona of that name speak.
            output: As for `say`; by default the track is kept in memory.
            fastest: How much faster than usual a cue may be spoken to fit, 1 to 2; at the end of
                the track it has to fit, however fast.
            **options: How to speak, see `SpeechOptions`.

        Raises:
            SubtitleError: The file cannot be read, or not be mended; the line is named.
            DubFailedError: No engine could speak a cue; it carries the dub so far.
            UtterlyError: The extra `[dub]` is missing. Everything that `say` raises, too.
        """
        return dub_script(self._requests, script, options, output=output, fastest=fastest)

    def prepare(self, engines: str | Iterable[str] | None = None) -> None:
        """Download and load now, so that the first words come sooner.

        Args:
            engines: Which; by default the first choice.

        Raises:
            EngineError: An engine cannot be prepared.
        """
        self._requests.prepare(engines)

    def voices(self, engine: str, *, refresh: bool = False) -> tuple[Voice, ...]:
        """The voices of one engine.

        Args:
            engine: Configured name.
            refresh: Ask again, over the network if the engine does so.

        Raises:
            EngineError: It cannot list them.
        """
        return self._requests.voices(engine, refresh=refresh)

    def close(self) -> None:
        """Cancel what is running, give the models back, and speak no more.

        Waits two seconds at most; a model that an engine will not let go of is given back as soon
        as it does.
        """
        self._requests.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
