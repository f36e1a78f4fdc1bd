"""What engines warn of in the log, for people at a terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_ENGINES = logging.getLogger("utterly.engines")


@contextmanager
def engine_warnings_told(tell: Callable[[str], object]) -> Iterator[None]:
    """Have each warning of an engine told as one line, for the length of the block.

    Args:
        tell: Given the line, from any thread.
    """
    handler = _Teller(tell)
    _ENGINES.addHandler(handler)
    try:
        yield
    finally:
        _ENGINES.removeHandler(handler)


class _Teller(logging.Handler):
    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell a record without the traceback that it may have."""
        self._tell(record.getMessage())
