"""Events as plain sentences on standard error."""

from __future__ import annotations

from threading import Lock

import click

from utterly.events import (
    AttemptFailed,
    EngineEvent,
    EngineLoaded,
    EngineLoading,
    EnginePrepared,
    EnginePreparing,
    EngineProgress,
    EngineUnloaded,
    EngineUnloadFailed,
    EngineUnloading,
    Event,
    ExtensionBypassed,
    FeatureDropped,
    SegmentSpoken,
)


class Notices:
    """Tells what happens.

    Args:
        verbosity: 0 for nothing, 1 for what the user should know, 2 for everything.
    """

    def __init__(self, verbosity: int) -> None:
        self._verbosity = verbosity
        self._told: set[str] = set()
        self._lock = Lock()

    def __call__(self, event: Event) -> None:
        """Tell one event, if it is worth telling."""
        sentence = _important(event)
        if sentence and self._verbosity == 1:
            self._tell_once(sentence)
        elif self._verbosity >= 2 and (sentence := sentence or _detail(event)):
            click.echo(f"utterly: {_place(event)}{sentence}", err=True)

    def _tell_once(self, sentence: str) -> None:
        """The same trouble in every sentence of a book is told once."""
        with self._lock:
            if sentence in self._told:
                return
            self._told.add(sentence)
        click.echo(f"utterly: {sentence}", err=True)


def _important(event: Event) -> str:
    match event:
        case AttemptFailed(engine=engine, error=error, message=message, next_engine=next_engine):
            outcome = f"{next_engine} takes over" if next_engine else "nobody is left to take over"
            return f"{engine} failed ({error}: {message}); {outcome}"
        case FeatureDropped(engine=engine, feature=feature):
            return f"{engine} has no {feature}; it is left out"
        case ExtensionBypassed(message=message, error=error):
            return f"{message} ({error})"
        case EngineUnloadFailed(engine=engine, error=error, message=message):
            return f"{engine} did not unload cleanly ({error}: {message})"
    return ""


def _detail(event: Event) -> str:
    match event:
        case EnginePreparing(engine=engine):
            sentence = f"{engine} looks for its model"
        case EnginePrepared(engine=engine, seconds=seconds):
            sentence = f"{engine} has its model files ({seconds:.1f} s)"
        case EngineLoading(engine=engine):
            sentence = f"{engine} is loading"
        case EngineLoaded(engine=engine, seconds=seconds):
            sentence = f"{engine} is loaded ({seconds:.1f} s)"
        case EngineUnloading(engine=engine):
            sentence = f"{engine} is unloading"
        case EngineUnloaded(engine=engine, seconds=seconds):
            sentence = f"{engine} is unloaded ({seconds:.1f} s)"
        case EngineProgress(engine=engine, done=done, total=total, note=note):
            share = f" {done / total:.0%}" if total else ""
            sentence = f"{engine}: {note or 'working'}{share}"
        case SegmentSpoken(engine=engine, voice=voice, duration=duration):
            sentence = f"spoken by {engine}:{voice} ({duration:.1f} s)"
        case _:
            sentence = ""
    return sentence


def _place(event: Event) -> str:
    """Which sentence an event belongs to, counted as people do."""
    if isinstance(event, EngineEvent) or not hasattr(event, "segment"):
        return ""
    return f"sentence {event.segment + 1}: "
