"""The log of an engine's process, as a part of the program's log."""

from __future__ import annotations

import logging
from collections.abc import Callable

from utterly.isolation.messages import Log


class LogSender(logging.Handler):
    """Sends records to the program.

    Args:
        send: Takes a message.
    """

    def __init__(self, send: Callable[[Log], None]) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        """Send one, with its traceback in words."""
        try:
            self._send(Log(record.name, record.levelno, self.format(record)))
        except Exception:  # noqa: BLE001  # as every handler: a log that fails harms nobody
            self.handleError(record)


def log_here(message: Log) -> None:
    """Log what another process has logged."""
    logging.getLogger(message.logger).log(message.level, "%s", message.text)
