"""The fault matrix as data: each cell, what is expected of it, and the guarantees it is held to.

What is expected comes from the tables here, which are written from the design and not from the
code: a change of what a failure brings about has to be made in both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias, get_args

from utterly import (
    ContentRejectedError,
    EngineError,
    EngineUnavailableError,
    IncompleteAudioError,
    InvalidRequestError,
    ModelDownloadError,
    OutOfMemoryError,
    QuotaExceededError,
    RateLimitedError,
    RequestCancelledError,
    StageTimeoutError,
    TransientEngineError,
    UnsupportedError,
)
from utterly.speech import Stage
from utterly.testing import Fault
from utterly.testing.faults import FATAL, FaultKind, FaultPlace

Position: TypeAlias = Literal["first", "second", "third"]
"""Of the faulty engine in a chain of three; the engines before it are out of order."""

Kind: TypeAlias = Literal["blocking", "async", "process"]
"""Of the engines' hooks; a process of its own is that of the faulty engine, the others block."""

Health: TypeAlias = Literal["as before", "voice", "counted", "open", "disabled"]
"""What is known of the faulty engine afterwards."""

Ending: TypeAlias = Literal["taken over", "broken off", "lost", "unnoticed"]
"""What becomes of the segment: spoken whole by the next engine; broken off where somebody listened,
its rest spoken by the next; broken off at a place that nobody knows; or as if all were well."""

Guarantee: TypeAlias = Literal[
    "1 isolation",
    "2 exactly once",
    "never taken back",
    "3 honest",
    "4 bounded",
    "7 fair health",
    "10 one timeline",
]
"""The guarantees of the design; the second is for those who listen later, the third for those who
listen already."""

SENTENCES = ("First.", "The second sentence of these three.", "Third.")
TEXT = " ".join(SENTENCES)
BROKEN_AFTER = 0.2
"""Seconds of the second sentence that come before a fault: its first word and some of the next."""

SPOKEN, REST = "The", "second sentence of these three."
"""What is heard of it where somebody listens, and what is left to say."""

HOLD_BACK_SECONDS = 0.08
OUT_OF_ORDER = Fault("load", error=EngineUnavailableError("out of order", mend="mend it"))

BUFFERED_OR_LIVE = {False: "buffered", True: "live"}
POSITIONS: tuple[Position, ...] = get_args(Position)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failure is called, and what it brings about.

    Attributes:
        error: As it is reported.
        health: Of the engine, after it failed once.
    """

    error: str
    health: Health = "counted"


RAISED: dict[str, tuple[BaseException, Failure]] = {
    "RuntimeError": (RuntimeError("x"), Failure("RuntimeError")),
    "UnsupportedError": (UnsupportedError("x"), Failure("UnsupportedError", "voice")),
    "InvalidRequestError": (InvalidRequestError("x"), Failure("UnsupportedError", "voice")),
    "ContentRejectedError": (
        ContentRejectedError("x"),
        Failure("ContentRejectedError", "as before"),
    ),
    "RateLimitedError": (
        RateLimitedError("x", retry_after=0.01),
        Failure("RateLimitedError", "open"),
    ),
    "QuotaExceededError": (
        QuotaExceededError("x", until=datetime(2100, 1, 1, tzinfo=UTC)),
        Failure("QuotaExceededError", "open"),
    ),
    "EngineUnavailableError": (
        EngineUnavailableError("x", mend="mend it"),
        Failure("EngineUnavailableError", "disabled"),
    ),
    "ModelDownloadError": (ModelDownloadError("x"), Failure("ModelDownloadError", "open")),
    "TransientEngineError": (TransientEngineError("x"), Failure("TransientEngineError")),
    "StageTimeoutError": (
        StageTimeoutError("x", stage="load"),
        Failure("StageTimeoutError", "open"),
    ),
    "IncompleteAudioError": (IncompleteAudioError("x"), Failure("IncompleteAudioError")),
    "OutOfMemoryError": (OutOfMemoryError("x"), Failure("OutOfMemoryError", "open")),
    "MemoryError": (MemoryError(), Failure("OutOfMemoryError", "open")),
    "EngineError": (EngineError("x"), Failure("EngineError")),
    "SystemExit": (SystemExit(1), Failure("SystemExit")),
    "KeyboardInterrupt": (KeyboardInterrupt(), Failure("KeyboardInterrupt")),
    "CancelledError": (asyncio.CancelledError(), Failure("CancelledError")),
    "RequestCancelledError": (RequestCancelledError("x"), Failure("RequestCancelledError")),
}
"""One of each row of the failures' table, and those that no engine should raise."""

FEW_RAISED = ("RuntimeError", "ModelDownloadError", "SystemExit", "MemoryError")
"""What is raised in places where all of them take the same way as in `load`."""

TIMEOUT = Failure("StageTimeoutError", "open")
INVALID = Failure("InvalidAudioError")
INCOMPLETE = Failure("IncompleteAudioError")
CRASH = Failure("EngineCrashedError")

STAGES: dict[FaultPlace, Stage] = {
    "describe": "queue",
    "voices": "ensure_model",
    "ensure_model": "ensure_model",
    "load": "load",
    "before_audio": "first_audio",
    "after_audio": "streaming",
}

AUDIO_FAULTS: dict[tuple[FaultPlace, FaultKind], tuple[Stage, Failure]] = {
    ("before_audio", "silence"): ("verify", INCOMPLETE),
    ("before_audio", "truncate"): ("verify", INCOMPLETE),
    ("before_audio", "nothing"): ("verify", INCOMPLETE),
    ("before_audio", "wrong_rate"): ("first_audio", INVALID),
    ("before_audio", "nan"): ("first_audio", INVALID),
    ("before_audio", "stereo"): ("first_audio", INVALID),
    ("before_audio", "integers"): ("first_audio", INVALID),
    ("before_audio", "none"): ("first_audio", Failure("TypeError")),
    ("after_audio", "truncate"): ("verify", INCOMPLETE),
    ("after_audio", "nothing"): ("verify", INCOMPLETE),
    ("after_audio", "wrong_rate"): ("streaming", INVALID),
    ("after_audio", "nan"): ("streaming", INVALID),
    ("after_audio", "stereo"): ("streaming", INVALID),
    ("after_audio", "integers"): ("streaming", INVALID),
    ("after_audio", "none"): ("first_audio", Failure("TypeError")),
}
"""Where each is noticed: a stage begins with the first piece of audio that passes its check."""

UNNOTICED: set[tuple[FaultPlace, FaultKind]] = {("after_audio", "silence")}
"""Nobody but the engine can know what it means by a silence after audio."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault in one situation.

    Attributes:
        fault: What goes wrong with the engine.
        position: Its place in the chain.
        kind: How the engines' hooks are called.
        live: Whether somebody listens.
        raised: Name in `RAISED` of what it raises, else empty.
    """

    fault: Fault
    position: Position
    kind: Kind
    live: bool
    raised: str = ""

    def __str__(self) -> str:
        kind = "stubborn_hang" if self.fault.stubborn else self.fault.kind
        words = [self.fault.at, kind, *([self.raised] if self.raised else [])]
        words += [self.kind, BUFFERED_OR_LIVE[self.live], self.position]
        return "-".join(words)

    @property
    def is_async(self) -> bool:
        """Whether the hooks of all engines are `async def`."""
        return self.kind == "async"

    @property
    def is_apart(self) -> bool:
        """Whether the faulty engine has a process of its own."""
        return self.kind == "process"

    @property
    def hangs(self) -> bool:
        """Whether the engine has to be given up."""
        return self.fault.kind in ("hang", "stall", "stop")

    @property
    def crashes(self) -> bool:
        """Whether the engine's process ends by itself."""
        return self.fault.kind in FATAL and not self.hangs

    @property
    def is_deaf(self) -> bool:
        """Whether nothing that it is told ends its hang, nor anybody its process."""
        is_deaf = self.fault.stubborn or self.fault.at == "unload"
        return self.hangs and is_deaf and not self.is_apart

    @property
    def failure(self) -> tuple[Stage, Failure]:
        """Where the attempt fails, and how; only for what is noticed."""
        at, kind = self.fault.at, self.fault.kind
        if at == "describe":
            return STAGES[at], Failure("EngineUnavailableError", "as before")
        if self.hangs:
            return STAGES[at], TIMEOUT
        if self.crashes:
            return STAGES[at], CRASH
        if self.raised:
            return STAGES[at], RAISED[self.raised][1]
        return AUDIO_FAULTS[at, kind]

    @property
    def segment(self) -> int:
        """Index of the segment that it strikes."""
        return 1 if self.fault.at.endswith("audio") else 0

    @property
    def ending(self) -> Ending:
        """What becomes of that segment."""
        at, kind = self.fault.at, self.fault.kind
        if at == "unload" or (at, kind) in UNNOTICED:
            return "unnoticed"
        if self.live and (at, kind) == ("before_audio", "silence"):
            return "lost"
        return (
            "broken off" if self.live and at == "after_audio" and kind != "none" else "taken over"
        )

    @property
    def successor(self) -> Position | None:
        """Who takes over; `None` where nobody may or can."""
        if self.raised == "ContentRejectedError":
            return None
        following: dict[Position, Position | None] = {"first": "second", "second": "third"}
        return following.get(self.position)

    @property
    def all_fail(self) -> bool:
        """Whether it ends in an error."""
        return self.ending in ("taken over", "broken off") and self.successor is None

    @property
    def tries(self) -> int:
        """How often the engine is asked for the segment."""
        if self.ending != "taken over":
            return 1
        alone = self.position == "third"
        if self.crashes and self.fault.at != "describe":
            return 2 if alone or not self.live else 1
        match self.raised:
            case "ModelDownloadError":
                return 2
            case "TransientEngineError":
                return 3 if not self.live else 2 if alone else 1
            case "RateLimitedError":
                return 2 if alone else 1
        return 1

    @property
    def health(self) -> Health:
        """What is known of the engine afterwards."""
        if self.ending == "unnoticed":
            return "as before"
        health = self.failure[1].health
        if health == "voice" and not self.segment:
            return "as before"  # that the voice is to blame is known only once it is tried
        return "open" if health == "counted" and self.tries == 3 else health

    @property
    def is_told_by_unload(self) -> bool:
        """Whether giving the model back is told to have failed."""
        in_vain = self.hangs and self.is_apart
        return self.fault.at == "unload" and (self.fault.kind == "raise" or self.crashes or in_vain)

    @property
    def pieces(self) -> tuple[tuple[str, Position, bool], ...]:
        """What the result holds: text, who spoke it, and whether it is whole."""
        struck = SENTENCES[self.segment]
        pieces = [(sentence, self.position, True) for sentence in SENTENCES[: self.segment]]
        match self.ending:
            case "unnoticed" | "lost":
                pieces.append((struck, self.position, self.ending == "unnoticed"))
            case "broken off":
                pieces.append((SPOKEN, self.position, False))
        keeps = self.ending in ("unnoticed", "lost")
        speaker = self.position if keeps else self.successor
        if speaker is not None:
            left = {"taken over": [struck], "broken off": [REST]}.get(self.ending, [])
            rest = [*left, *SENTENCES[self.segment + 1 :]]
            pieces += [(text, speaker, True) for text in rest]
        return tuple(pieces)

    @property
    def heard(self) -> tuple[tuple[str, bool], ...]:
        """What is heard: the text of each tone, and whether it is heard to its end."""
        struck = SENTENCES[self.segment]
        is_silenced = (self.fault.at, self.fault.kind) in UNNOTICED
        tones = []
        for text, _engine, complete in self.pieces:
            if text == SPOKEN:
                tones.append((struck, False))
            elif complete:
                tones.append((text, not (is_silenced and text == struck)))
        return tuple(tones)

    @property
    def asked(self) -> tuple[Position, ...]:
        """Who fails at the segment, in order; who is out of order comes last once that is known."""
        before = POSITIONS[: POSITIONS.index(self.position)]
        itself = () if self.ending == "unnoticed" else (self.position,) * self.tries
        if self.segment == 0:
            return (*before, *itself)
        is_last = self.all_fail and self.raised != "ContentRejectedError"
        return (*itself, *(before if is_last else ()))

    @property
    def guarantees(self) -> tuple[Guarantee, ...]:
        """What it is held to."""
        isolation: tuple[Guarantee, ...] = () if self.all_fail else ("1 isolation",)
        once: Guarantee = "never taken back" if self.live else "2 exactly once"
        return (*isolation, once, "3 honest", "4 bounded", "7 fair health", "10 one timeline")


PLACES: tuple[FaultPlace, ...] = tuple(
    place for place in get_args(FaultPlace) if place != "remove_model"
)
"""Where a fault can strike while somebody speaks."""


def _faults() -> Iterator[tuple[Fault, str]]:
    """Every fault that there is, with the name of what it raises."""
    for place in PLACES:
        for kind in get_args(FaultKind):
            if kind == "raise":
                yield from ((_fault(place, kind, name), name) for name in _raised_at(place))
            elif kind in ("hang", "stall", *FATAL) or place.endswith("audio"):
                yield _fault(place, kind), ""
        if place != "describe":
            yield _fault(place, "hang", stubborn=True), ""


def _raised_at(place: FaultPlace) -> Iterable[str]:
    if place == "describe":
        return ("RuntimeError",)
    return RAISED if place in ("load", "before_audio", "after_audio") else FEW_RAISED


def _fault(
    place: FaultPlace, kind: FaultKind, raised: str = "RuntimeError", *, stubborn: bool = False
) -> Fault:
    text = SENTENCES[1] if place.endswith("audio") else None
    error = RAISED[raised][0]
    return Fault(place, kind, error, after=BROKEN_AFTER, text=text, stubborn=stubborn)


CELLS = tuple(
    Cell(fault, position, kind, live, raised)
    for fault, raised in _faults()
    for kind in get_args(Kind)
    for live in (False, True)
    for position in POSITIONS
    if kind == "process" or fault.kind not in FATAL
)
