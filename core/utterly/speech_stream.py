"""`SpeechStream`: audio while it is being spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from queue import SimpleQueue
from threading import Condition, Event
from types import TracebackType
from typing import TYPE_CHECKING, Self

from utterly.cancellation import Cancellation
from utterly.casting import Line
from utterly.engine.threads import threads
from utterly.errors import RequestCancelledError
from utterly.requests import CLOSE_SECONDS, Requests
from utterly.speech import Speech
from utterly.text_source import Text, read_pieces
from utterly.wishes import SpeechOptions

if TYPE_CHECKING:
    from utterly.audio import AudioChunk
    from utterly.narration import Narration

SEGMENTS_AHEAD = 1
"""How far speaking may run ahead of listening: the next segment is ready, no more."""


class Broadcast:
    """Speaks one live request on a thread of ours, never far ahead of its listener.

    Args:
        requests: The speaker's.
        options: How to speak.
        text: What is going to be spoken.
        deliver: Given each chunk; at the end `None`, or what went wrong. Called on that thread.
        cancellation: Stops it.
        keep_audio: Whether the result has the samples.
    """

    def __init__(
        self,
        requests: Requests,
        options: SpeechOptions,
        text: Text,
        deliver: Callable[[AudioChunk | BaseException | None], object],
        cancellation: Cancellation | None = None,
        *,
        keep_audio: bool = True,
    ) -> None:
        self._context = requests.begin(
            options, text=text, live=True, cancellation=cancellation, keep_audio=keep_audio
        )
        self._narration: Narration = self._context.__enter__()
        self._deliver = deliver
        self._heard = Condition()
        self._hearing = -1
        self._over = Event()
        self._started = False

    @property
    def number(self) -> int:
        """Of the request, as its events tell it."""
        return self._narration.plan.number

    @property
    def cancellation(self) -> Cancellation:
        """Of the request."""
        return self._narration.plan.cancellation

    def start(self, text: Text) -> None:
        """Begin to speak."""
        self._started = True
        threads.start(lambda: self._run(text))

    def note_heard(self, segment: int) -> None:
        """The listener has come to a segment: the next one may be prepared."""
        with self._heard:
            self._hearing = max(self._hearing, segment)
            self._heard.notify_all()

    def speech(self) -> Speech:
        """What has been spoken so far, or in the end."""
        return self._narration.orchestrator.speech()

    def stop(self) -> None:
        """Cancel what is not spoken yet; nobody listens any more."""
        self.cancellation.set()
        if not self._started:
            self._finish()

    def wait(self, seconds: float) -> bool:
        """Wait until it is over.

        Returns:
            Whether it was in time.
        """
        return self._over.wait(seconds)

    def _run(self, text: Text) -> None:
        ending: BaseException | None = None
        try:
            with self._lines(text) as lines:
                count = len(lines) if isinstance(lines, Sequence) else None
                for chunk in self._narration.orchestrator.speak(self._paced(lines), count):
                    self._deliver(chunk)
        except BaseException as error:  # noqa: BLE001  # the listener is told, whatever it is
            ending = error
        finally:
            self._finish()
            self._deliver(ending)

    def _finish(self) -> None:
        self._context.__exit__(None, None, None)
        self._over.set()

    @contextmanager
    def _lines(self, text: Text) -> Iterator[Iterable[Line]]:
        """The text's sentences; its source is closed afterwards."""
        if isinstance(text, str):
            yield tuple(self._narration.lines(text))
            return
        with closing(read_pieces(text, self.cancellation)) as pieces:
            yield self._narration.lines(pieces)

    def _paced(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines, each only when the listener is near."""
        for index, line in enumerate(lines):
            with self.cancellation.calling(self._wake), self._heard:
                self._heard.wait_for(lambda at=index: self._is_near(at))  # type: ignore[misc]  # bound now
            if self.cancellation.is_set():
                raise RequestCancelledError("cancelled")
            yield line

    def _is_near(self, segment: int) -> bool:
        return segment <= max(self._hearing, 0) + SEGMENTS_AHEAD or self.cancellation.is_set()

    def _wake(self) -> None:
        with self._heard:
            self._heard.notify_all()


class SpeechStream:
    """Audio of one request as it is spoken; use it in a `with` block and iterate over it.

    Leaving the block early stops the speaking and closes everything.

    Args:
        requests: The speaker's.
        text: All at once, or in pieces as it arrives.
        options: How to speak.
        keep_audio: Whether the result has the samples.

    Raises:
        InvalidRequestError: An argument that cannot be right; nothing was tried.
        NoEngineError: Nothing is installed to speak with.
        ClosedError: The speaker is closed.
    """

    def __init__(
        self, requests: Requests, text: Text, options: SpeechOptions, *, keep_audio: bool = True
    ) -> None:
        self._text = text
        self._arrived: SimpleQueue[AudioChunk | BaseException | None] = SimpleQueue()
        self._broadcast = Broadcast(
            requests, options, text, self._arrived.put, keep_audio=keep_audio
        )
        self._started = False
        self._ended = False

    @property
    def number(self) -> int:
        """Number of the request in this process, as its events tell it."""
        return self._broadcast.number

    @property
    def speech(self) -> Speech:
        """What has been spoken: so far, or all of it once the stream has ended."""
        return self._broadcast.speech()

    def close(self) -> None:
        """Stop speaking; waits two seconds at most for an engine that will not."""
        self._ended = True
        self._broadcast.stop()
        self._broadcast.wait(CLOSE_SECONDS)

    def __del__(self) -> None:
        """Stop when nobody has the stream any more, though it was not used in a `with` block."""
        if hasattr(self, "_broadcast"):
            self._broadcast.stop()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> AudioChunk:
        """The next piece of audio.

        Raises:
            AllEnginesFailedError: No engine could speak a segment; what came before was spoken.
            RequestCancelledError: The speaker was closed meanwhile.
        """
        if self._ended:
            raise StopIteration
        if not self._started:
            self._started = True
            self._broadcast.start(self._text)
        arrived = self._arrived.get()
        if arrived is None or isinstance(arrived, BaseException):
            self._ended = True
            raise StopIteration if arrived is None else arrived
        self._broadcast.note_heard(arrived.segment)
        return arrived

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
