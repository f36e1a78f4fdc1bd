"""What happens, as Gradio shows it: progress bars, warnings and errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

import gradio as gr

from utterly.errors import AllEnginesFailedError, UtterlyError
from utterly.events import EngineLoaded, Event, RequestEvent
from utterly.telling import Told, explain_failure, tell


class Notices:
    """Shows events of one call in the browser that made it.

    Made in the call; what tells the events runs on other threads, which do not know the browser.

    Args:
        progress: Shows downloads and loading.
        titles: What people call the engines, by configured name.

    Attributes:
        request: Number of the call's request; trouble of others' is not shown.
    """

    def __init__(self, progress: gr.Progress | None, titles: Mapping[str, str]) -> None:
        self._progress = progress
        self._titles = titles
        self._context = copy_context()
        self._warned: set[str] = set()
        self.request: int | None = None

    def __call__(self, event: Event) -> None:
        """Show one event, if people should know."""
        if isinstance(event, RequestEvent) and event.request != self.request:
            return
        told = tell(event, self._titles)
        if told is None:
            return
        if told.state in ("looking", "downloading", "loading"):
            self._show_progress(told.share or 0.0, told.sentence)
        elif isinstance(event, EngineLoaded):
            self._show_progress(1.0, told.sentence)
        elif isinstance(event, RequestEvent) and told.tone == "warning":
            self._warn(told)

    def _show_progress(self, share: float, sentence: str) -> None:
        if self._progress is not None:
            self._run(self._progress, share, desc=sentence)

    def _warn(self, told: Told) -> None:
        """Warn of it, but once: the same trouble may come with every sentence."""
        trouble = f"{told.engine} {told.state}"
        if trouble not in self._warned:
            self._warned.add(trouble)
            self._run(gr.Warning, told.sentence)

    def _run(self, show: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        # A context is entered by one thread at a time, and events may come from several.
        self._context.copy().run(show, *arguments, **options)


@contextmanager
def errors_shown(titles: Mapping[str, str]) -> Iterator[None]:
    """Have errors of Utterly's shown in the browser.

    Raises:
        gr.Error: There was one.
    """
    try:
        yield
    except AllEnginesFailedError as error:
        raise gr.Error(explain_failure(error, titles), print_exception=False) from error
    except UtterlyError as error:
        raise gr.Error(str(error), print_exception=False) from error
