"""The speaker of all Gradio apps in the process, and who is told what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from utterly.events import Event
from utterly.speaker import Speaker


class SharedSpeaker:
    """One speaker, whose models serve every session; each is told the events by callbacks.

    Attributes:
        speaker: It.
    """

    def __init__(self) -> None:
        self.speaker = Speaker(on_event=self._tell)
        self._lock = Lock()
        self._listeners: set[Callable[[Event], object]] = set()

    @contextmanager
    def heard_by(self, listener: Callable[[Event], object]) -> Iterator[Speaker]:
        """The speaker, and for the length of the block somebody who is told its events."""
        with self._lock:
            self._listeners.add(listener)
        try:
            yield self.speaker
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _tell(self, event: Event) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(event)


@cache
def shared() -> SharedSpeaker:
    """The one of this process."""
    return SharedSpeaker()
