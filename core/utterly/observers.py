"""Telling those who want to know what happens; none of them can disturb the work or each other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from utterly.events import Event

_logger = logging.getLogger("utterly.observers")


class Observers:
    """Callables that are told every event, each in its own `try`.

    Args:
        observers: By name, for the log.
    """

    def __init__(self, observers: Sequence[tuple[str, Callable[[Event], object]]]) -> None:
        self._observers = tuple(observers)

    def notify(self, event: Event) -> None:
        """Tell everybody; what one raises is logged and goes no further."""
        for name, observe in self._observers:
            try:
                observe(event)
            except KeyboardInterrupt:
                raise
            except BaseException:  # an observer's fault is nobody else's
                _logger.exception("observer %s failed at %s", name, type(event).__name__)
