"""An observer that remembers what it saw."""

from __future__ import annotations

from threading import Condition
from typing import TYPE_CHECKING, TypeVar

from utterly.hookspecs import hookimpl

if TYPE_CHECKING:
    from utterly.events import Event

EventType = TypeVar("EventType", bound="Event")


class RecordingObserver:
    """Keeps every event; an extension, and as well a callable for `on_event=`.

    Attributes:
        events: What happened, in order; appended to from any thread.
    """

    utterly_api = 1

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = Condition()

    @hookimpl
    def on_event(self, event: Event) -> None:
        """Keep it, and wake whoever waits for it."""
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def __call__(self, event: Event) -> None:
        """The same, as a callable."""
        self.on_event(event)

    def names(self) -> list[str]:
        """Names of the events' classes, in order."""
        return [type(event).__name__ for event in tuple(self.events)]

    def of(self, kind: type[EventType]) -> list[EventType]:
        """The events of one class, in order."""
        return [event for event in tuple(self.events) if isinstance(event, kind)]

    def wait_for(self, kind: type[EventType], timeout: float = 10.0) -> EventType:
        """The first event of a class, waited for if it has not come yet.

        Args:
            kind: The class.
            timeout: Seconds.

        Raises:
            TimeoutError: It did not come; the message says what did.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self.of(kind), timeout):
                seen = ", ".join(self.names()) or "nothing"
                raise TimeoutError(f"no {kind.__name__} in {timeout} s; there was {seen}")
            return self.of(kind)[0]
