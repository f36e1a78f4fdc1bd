"""Events as plain sentences on standard error."""

from __future__ import annotations

from threading import Lock

import click

from utterly import events
from utterly.cli.download_progress import DownloadProgress
from utterly.cli.progress import StatusLine
from utterly.events import (
    AttemptFailed,
    EngineEvent,
    EngineHealthChanged,
    EngineLoading,
    EngineProgress,
    Event,
    RequestEnded,
    SegmentSpoken,
)
from utterly.folder_file import PreferenceIgnored
from utterly.isolation.ending import EngineProcessEnded
from utterly.progress import SpeakingProgress

IMPORTANT: dict[type[Event], str] = {
    AttemptFailed: "{engine} failed ({error}: {message}); {next_engine} takes over",
    events.FeatureDropped: "{engine} has no {feature}; it is left out",
    events.SegmentBroken: "{engine} broke off after {duration:.1f} s of a sentence",
    events.SegmentSkipped: "a sentence was left out: nobody could speak it",
    events.ExtensionBypassed: "{message} ({error})",
    PreferenceIgnored: "{key} in {file} is ignored: {reason}",
    events.EngineUnloadFailed: "{engine} did not unload cleanly ({error}: {message})",
}
"""What the user should know."""

DETAILS: dict[type[Event], str] = {
    events.EnginePreparing: "{engine} looks for its model",
    events.EnginePrepared: "{engine} has its model files ({seconds:.1f} s)",
    EngineLoading: "{engine} is loading",
    events.EngineLoaded: "{engine} is loaded ({seconds:.1f} s)",
    EngineProcessEnded: "{engine}: {reason}",
    events.EngineUnloading: "{engine} is unloading",
    events.EngineUnloaded: "{engine} is unloaded ({seconds:.1f} s)",
    events.EngineUnresponsive: "{engine} was told to stop; calls that go on: {calls}",
    events.SegmentSpoken: "spoken by {engine}:{voice} ({duration:.1f} s)",
}
"""The rest of the story."""

RETRY = "{engine} failed ({error}: {message}); it tries again in {pause:.1f} s"
GIVEN_UP = "{engine} failed ({error}: {message}); nobody is left to take over"
HEALTH = {
    "open": "{engine} is left alone for {seconds:.0f} s",
    "half_open": "{engine} may try again",
    "disabled": "{engine} is left out until this is mended: {mend}",
    "closed": "{engine} is well again",
}


class Telling:
    """Tells what happens.

    Args:
        verbosity: 0 for nothing, 1 for what the user should know, 2 for everything.
        segment: What a segment is to the user.
        segments: What counts as progress to the user.
    """

    def __init__(
        self, verbosity: int, segment: str = "sentence", segments: str = "sentences"
    ) -> None:
        self._verbosity = verbosity
        self._segment, self._segments = segment, segments
        self._progress = SpeakingProgress()
        self._status = StatusLine()
        self._download = DownloadProgress()
        self._told: set[str] = set()
        self._last = ""
        self._lock = Lock()

    def __call__(self, event: Event) -> None:
        """Tell one event, if it is worth telling."""
        sentence = _fill(_important(event), event)
        if self._verbosity == 1 and sentence:
            self._tell_once(sentence)
        elif self._verbosity >= 2 and (sentence := sentence or _fill(_detail(event), event)):
            self._tell_change(f"{self._place(event)}{sentence}")
        self._progress(event)
        if self._verbosity:
            self._show_progress(event)

    def warn(self, line: str) -> None:
        """Tell what an engine warns of."""
        if self._verbosity:
            self._tell_once(line)

    def so_far(self) -> str:
        """How far the speaking came, in words; empty where nothing was spoken."""
        return self._progress.so_far(self._segments)

    def tell(self, sentence: str) -> None:
        """Tell something that is no event, unless nothing is to be told."""
        if self._verbosity:
            self._tell(sentence)

    def _show_progress(self, event: Event) -> None:
        """What takes long: a download before the speaking, and the speaking."""
        if isinstance(event, EngineLoading | EngineProgress):
            # What has no known size was told in full to those who want to hear everything.
            if self._verbosity == 1 or getattr(event, "total", None):
                self._status.clear()
                self._download(event)
        elif isinstance(event, SegmentSpoken):
            self._download.clear()
            if self._verbosity == 1 and self._status.is_due() and (line := self._progress.line()):
                self._status.show(line)
        elif isinstance(event, RequestEnded):
            self._download.clear()
            self._status.clear()

    def _tell(self, sentence: str) -> None:
        self._download.clear()
        self._status.clear()
        click.echo(f"utterly: {sentence}", err=True)

    def _place(self, event: Event) -> str:
        """Which sentence an event belongs to, counted as people do."""
        if isinstance(event, EngineEvent) or not hasattr(event, "segment"):
            return ""
        return f"{self._segment} {event.segment + 1}: "

    def _tell_change(self, sentence: str) -> None:
        """Tell what is not just the same as the last time: work that goes on says so often."""
        with self._lock:
            is_new = sentence != self._last
            self._last = sentence
        if is_new:
            self._tell(sentence)

    def _tell_once(self, sentence: str) -> None:
        """Tell what was not told before: the same trouble in a whole book is told once."""
        with self._lock:
            known = sentence in self._told
            self._told.add(sentence)
        if not known:
            self._tell(sentence)


def _important(event: Event) -> str:
    if isinstance(event, AttemptFailed) and not event.next_engine:
        return GIVEN_UP
    if isinstance(event, AttemptFailed) and event.next_engine == event.engine:
        return ""  # it tries again: that is worth telling only if it does not help
    return IMPORTANT.get(type(event), "")


def _detail(event: Event) -> str:
    if isinstance(event, AttemptFailed):
        return RETRY
    if isinstance(event, EngineHealthChanged):
        return HEALTH[event.state]
    if isinstance(event, EngineProgress):
        return "" if event.total else "{engine}: {note}"  # how far it is shows the bar
    return DETAILS.get(type(event), "")


def _fill(template: str, event: Event) -> str:
    return template.format(**event.to_dict())
