"""What the process does to speakers: a fork makes them forget, its end closes them."""

from __future__ import annotations

import atexit
import os
from threading import Thread
from typing import Protocol
from weakref import WeakSet

from utterly.engine.threads import threads


class Ending(Protocol):
    """Something that has to know when the process forks or ends."""

    def forget(self) -> None:
        """Begin anew in the child of a fork: threads, loops and models are the parent's."""

    def close(self) -> None:
        """Stop, and give back what can be given back, within about two seconds."""


_registered: WeakSet[Ending] = WeakSet()


def register(ending: Ending) -> None:
    """Have something forget after a fork and close at exit, for as long as it lives."""
    _registered.add(ending)


def _forget_all() -> None:
    threads.forget()
    for ending in tuple(_registered):
        ending.forget()


def _close_all() -> None:
    """Close everything at the same time, so that the waiting does not add up."""
    closing = [Thread(target=ending.close, daemon=True) for ending in tuple(_registered)]
    for thread in closing:
        thread.start()
    for thread in closing:
        thread.join()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
