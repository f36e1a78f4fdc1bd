"""Events as plain sentences on standard error."""

from __future__ import annotations

from threading import Lock

import click

from utterly.events import (
    AttemptFailed,
    EngineEvent,
    EngineHealthChanged,
    EngineLoaded,
    EngineLoading,
    EnginePrepared,
    EnginePreparing,
    EngineProgress,
    EngineUnloaded,
    EngineUnloadFailed,
    EngineUnloading,
    EngineUnresponsive,
    Event,
    ExtensionBypassed,
    FeatureDropped,
    HealthState,
    SegmentBroken,
    SegmentSkipped,
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
        case AttemptFailed(engine=engine, next_engine=next_engine) if engine == next_engine:
            return ""  # it tries again: that is worth telling only if it does not help
        case AttemptFailed(engine=engine, error=error, message=message, next_engine=next_engine):
            outcome = f"{next_engine} takes over" if next_engine else "nobody is left to take over"
            return f"{engine} failed ({error}: {message}); {outcome}"
        case FeatureDropped(engine=engine, feature=feature):
            return f"{engine} has no {feature}; it is left out"
        case SegmentBroken(engine=engine, duration=duration, resumed=resumed):
            rest = "another takes up there" if resumed else "the rest of the sentence is lost"
            return f"{engine} broke off after {duration:.1f} s of a sentence; {rest}"
        case SegmentSkipped():
            return "a sentence was left out: nobody could speak it"
        case ExtensionBypassed(message=message, error=error):
            return f"{message} ({error})"
        case EngineUnloadFailed(engine=engine, error=error, message=message):
            return f"{engine} did not unload cleanly ({error}: {message})"
    return ""


def _detail(event: Event) -> str:
    match event:
        case AttemptFailed(engine=engine, error=error, message=message, pause=pause):
            sentence = f"{engine} failed ({error}: {message}); it tries again in {pause:.1f} s"
        case EngineHealthChanged(engine=engine, state=state, seconds=seconds, mend=mend):
            sentence = _tell_health(engine, state, seconds, mend)
        case EngineUnresponsive(engine=engine, calls=calls):
            sentence = f"{engine} does not stop ({calls} calls)" if calls else f"{engine} stopped"
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


def _tell_health(engine: str, state: HealthState, seconds: float, mend: str) -> str:
    match state:
        case "open":
            return f"{engine} is left alone for {seconds:.0f} s"
        case "disabled":
            return f"{engine} is left out until that is mended: {mend}"
        case _:
            return f"{engine} is well again"


def _place(event: Event) -> str:
    """Which sentence an event belongs to, counted as people do."""
    if isinstance(event, EngineEvent) or not hasattr(event, "segment"):
        return ""
    return f"sentence {event.segment + 1}: "
