"""What an event loop hands to threads, on daemon threads of ours.

Names are looked up there, and no call of the operating system's is as likely to hang. The
interpreter waits for the threads of any other executor before it exits.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from utterly.engine.threads import threads

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class DaemonExecutor(ThreadPoolExecutor):
    """An executor that nobody has to wait for; asyncio takes no other class than its base."""

    def submit(
        self,
        work: Callable[_Arguments, _Result],
        /,
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> Future[_Result]:
        """Begin at once, on a thread that is free or on a new one."""
        future: Future[_Result] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001  # it is raised where the result is wanted
                future.set_exception(error)

        threads.start(run)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave what runs to itself."""
