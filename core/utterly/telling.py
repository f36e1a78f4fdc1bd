"""Events as plain sentences, for people who know none of our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from utterly import events
from utterly.errors import AllEnginesFailedError
from utterly.events import (
    AttemptFailed,
    AttemptStarted,
    EngineHealthChanged,
    EngineProgress,
    Event,
    RequestEnded,
    RequestStarted,
    SegmentSpoken,
)
from utterly.folder_file import PreferenceIgnored
from utterly.isolation.ending import EngineProcessEnded
from utterly.progress import format_bytes, format_seconds

EngineState: TypeAlias = Literal[
    "idle",
    "looking",
    "downloading",
    "loading",
    "ready",
    "speaking",
    "resting",
    "failed",
    "missing",
    "unavailable",
    "unloading",
]
"""How an engine is doing: `missing` is a model that could not be fetched, `unavailable` something
that only the user can bring."""

Tone: TypeAlias = Literal["plain", "good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Told:
    """What the panel shows of an event.

    Attributes:
        sentence: For people.
        tone: How good the news is.
        engine: Configured name, empty where it is about no engine.
        state: How that engine is doing from now on; `None` where that is as it was.
        share: How far it has come with that, 0 to 1; `None` where that is not known.
        is_news: Whether it goes into the log, or is only how things stand at the moment.
    """

    sentence: str
    tone: Tone = "plain"
    engine: str = ""
    state: EngineState | None = None
    share: float | None = None
    is_news: bool = True

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)


_STATES: dict[type[Event], tuple[EngineState, Tone, str]] = {
    events.EnginePreparing: ("looking", "plain", "{engine} looks for its model."),
    events.EngineLoading: ("loading", "plain", "{engine} is being loaded."),
    events.EngineLoaded: ("ready", "good", "{engine} is loaded and ready."),
    events.EngineUnloading: ("unloading", "plain", "{engine} is giving its memory back."),
    events.EngineUnloaded: ("idle", "plain", "{engine} has given its memory back."),
    events.EngineUnloadFailed: ("idle", "warning", "{engine} did not end cleanly: {message}."),
}
_NOTES: dict[type[Event], tuple[Tone, str]] = {
    events.EngineUnresponsive: ("warning", "{engine} was told to stop, and has not stopped yet."),
    events.FeatureDropped: ("plain", "{engine} has no {feature}: it is left out."),
    events.SegmentBroken: ("warning", "{engine} broke off after {duration} of a sentence."),
    events.SegmentSkipped: ("bad", "A sentence was left out: nobody could speak it."),
    events.ExtensionBypassed: ("warning", "The extension {extension} is left out: {message}."),
    PreferenceIgnored: ("warning", "{key} in {file} is ignored: {reason}."),
    EngineProcessEnded: ("warning", "{engine}: {reason}."),
}
_HEALTH: dict[str, tuple[EngineState, str]] = {
    "open": ("resting", "{engine} is left alone for {seconds}."),
    "half_open": ("ready", "{engine} may try again."),
    "closed": ("ready", "{engine} is well again."),
    "disabled": ("unavailable", "{engine} is left out until this is mended: {mend}."),
}
_CANNOT_START: dict[str, EngineState] = {
    "ModelDownloadError": "missing",
    "EngineUnavailableError": "unavailable",
}
"""What comes of a failure that only somebody's help can mend, by the name of the error."""


def tell(event: Event, titles: Mapping[str, str]) -> Told | None:
    """Put an event into words.

    Args:
        event: What happened.
        titles: What people call the engines, by configured name.

    Returns:
        `None` of what nobody needs to be told.
    """
    facts = _facts(event, titles)
    engine = getattr(event, "engine", "")
    for kind, told in _TOLD_APART.items():
        if isinstance(event, kind):
            return told(event, facts)
    if type(event) in _STATES:
        state, tone, sentence = _STATES[type(event)]
        return Told(_fill(sentence, facts), tone, engine, state)
    if type(event) in _NOTES:
        tone, sentence = _NOTES[type(event)]
        return Told(_fill(sentence, facts), tone, engine)
    return None


def explain_failure(error: AllEnginesFailedError, titles: Mapping[str, str]) -> str:
    """Why nobody could speak: what each engine said of itself, once."""
    reasons = {
        f"{titles.get(attempt.engine, attempt.engine)}: {attempt.message.rstrip('.')}"
        for attempt in error.attempts
        if attempt.message
    }
    return f"Nobody could speak. {'. '.join(sorted(reasons))}." if reasons else str(error)


def _facts(event: Event, titles: Mapping[str, str]) -> dict[str, Any]:
    """The event's facts as people read them."""
    facts = event.to_dict()
    for name in ("engine", "next_engine"):
        if facts.get(name):
            facts[name] = titles.get(facts[name], facts[name])
    for name in ("seconds", "duration", "pause"):
        if name in facts:
            facts[name] = format_seconds(facts[name])
    return facts


def _fill(sentence: str, facts: Mapping[str, Any]) -> str:
    """A sentence with its facts; what they end in does not end it twice."""
    filled = sentence.format_map(facts)
    return filled[:-1] if filled.endswith(("..", "!.", "?.")) else filled


def _tell_progress(event: EngineProgress, facts: Mapping[str, Any]) -> Told:
    if not event.total:
        return _standing("{engine} is busy: {note}.", facts, event, "downloading")
    share = min(max(event.done / event.total, 0.0), 1.0)
    amounts = {"done": format_bytes(event.done), "total": format_bytes(event.total)}
    sentence = "{engine} is downloading {note}: {done} of {total}."
    return _standing(sentence, {**facts, **amounts}, event, "downloading", share)


def _tell_health(event: EngineHealthChanged, facts: Mapping[str, Any]) -> Told:
    state, sentence = _HEALTH[event.state]
    tone: Tone = "good" if state == "ready" else "warning"
    return Told(_fill(sentence, facts), tone, event.engine, state)


def _tell_start(event: RequestStarted, _facts: Mapping[str, Any]) -> Told:
    if event.segments is None:
        return Told("Speaking.")
    return Told(f"Speaking {_count(event.segments)}.")


def _tell_attempt(event: AttemptStarted, facts: Mapping[str, Any]) -> Told:
    place = {**facts, "place": event.segment + 1}
    return _standing("{engine} is speaking sentence {place}.", place, event, "speaking")


def _tell_spoken(event: SegmentSpoken, facts: Mapping[str, Any]) -> Told:
    return _standing("{engine} is ready.", facts, event, "ready")


def _tell_failure(event: AttemptFailed, facts: Mapping[str, Any]) -> Told:
    state = _CANNOT_START.get(event.error, "failed")
    what = "could not speak" if state == "failed" else "cannot start"
    told = "{engine} " + what + ": {message}."
    if not event.next_engine:
        told = f"{told} Nobody is left to take over."
    elif event.next_engine == event.engine:
        told = f"{told} It tries again."
    else:
        told = f"{told} {{next_engine}} takes over."
    tone: Tone = "warning" if event.next_engine else "bad"
    message = str(facts["message"]).rstrip(".")
    return Told(_fill(told, {**facts, "message": message}), tone, event.engine, state)


def _tell_end(event: RequestEnded, facts: Mapping[str, Any]) -> Told:
    if event.status == "failed" and not event.spoken:
        return Told("Nothing was spoken.", "bad")
    if event.status == "complete":
        return Told(_fill("Done: {duration} of speech.", facts), "good")
    told = f"Ended after {_count(event.spoken)}, {facts['duration']} of speech."
    return Told(told, "warning")


def _standing(
    sentence: str,
    facts: Mapping[str, Any],
    event: Any,
    state: EngineState,
    share: float | None = None,
) -> Told:
    """How an engine is doing at the moment, and no news."""
    return Told(_fill(sentence, facts), "plain", event.engine, state, share, is_news=False)


def _count(sentences: int) -> str:
    return f"{sentences} sentence" if sentences == 1 else f"{sentences} sentences"


_TOLD_APART: dict[type[Event], Callable[[Any, Mapping[str, Any]], Told]] = {
    EngineProgress: _tell_progress,
    EngineHealthChanged: _tell_health,
    RequestStarted: _tell_start,
    AttemptStarted: _tell_attempt,
    AttemptFailed: _tell_failure,
    SegmentSpoken: _tell_spoken,
    RequestEnded: _tell_end,
}
