"""Tests of what an event loop hands to threads."""

from __future__ import annotations

import asyncio
from threading import current_thread

import pytest

from utterly.engine.executor import DaemonExecutor


def _run(work: object) -> object:
    """Have a loop with the executor do some work on a thread."""

    async def run() -> object:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(DaemonExecutor())
        return await asyncio.to_thread(work)  # type: ignore[arg-type]  # any callable

    return asyncio.run(run())


def test_result_comes_back() -> None:
    """From a daemon thread."""
    assert True is _run(lambda: current_thread().daemon)


def test_error_comes_back() -> None:
    """It is raised where the result is waited for."""

    def fail() -> None:
        raise OSError("no such name")

    with pytest.raises(OSError, match="no such name"):
        _run(fail)
