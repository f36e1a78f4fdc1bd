"""Events as plain sentences: each kind that people should know of, in words they know."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from utterly import AllEnginesFailedError, Speaker, events, telling
from utterly.events import Event
from utterly.telling import explain_failure, tell
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

TITLES = {"kokoro": "Kokoro", "espeak": "eSpeak NG"}
HALF = events.EngineProgress("kokoro", 50e6, 100e6, "kokoro-v1_0.pth")
UNKNOWN = events.EngineProgress("kokoro", 3, None, "warming up")
LEFT_OUT = (events.Event, events.EngineEvent, events.RequestEvent, events.EnginePrepared)
EVENTS = [
    value for value in vars(events).values() if isinstance(value, type) and issubclass(value, Event)
]
FAILED = ("TransientEngineError", "the server answered 503")


def _failure(error: str, message: str, following: str) -> Event:
    return events.AttemptFailed(1, 0, "kokoro", "load", error, message, following, 0.0)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (events.EnginePreparing("kokoro"), "Kokoro looks for its model."),
        (HALF, "Kokoro is downloading kokoro-v1_0.pth: 50.0 MB of 100.0 MB."),
        (UNKNOWN, "Kokoro is busy: warming up."),
        (events.EngineLoading("kokoro"), "Kokoro is being loaded."),
        (events.EngineLoaded("kokoro", 2.0), "Kokoro is loaded and ready."),
        (events.AttemptStarted(1, 2, "kokoro"), "Kokoro is speaking sentence 3."),
        (
            _failure(*FAILED, "espeak"),
            "Kokoro could not speak: the server answered 503. eSpeak NG takes over.",
        ),
        (
            _failure(*FAILED, "kokoro"),
            "Kokoro could not speak: the server answered 503. It tries again.",
        ),
        (
            _failure("ModelDownloadError", "no network.", ""),
            "Kokoro cannot start: no network. Nobody is left to take over.",
        ),
        (events.EngineHealthChanged("kokoro", "open", 5.0, ""), "Kokoro is left alone for 5.0 s."),
        (
            events.EngineHealthChanged("kokoro", "disabled", 0.0, "pip install kokoro"),
            "Kokoro is left out until this is mended: pip install kokoro.",
        ),
        (events.EngineHealthChanged("kokoro", "closed", 0.0, ""), "Kokoro is well again."),
        (events.EngineUnloading("kokoro"), "Kokoro is giving its memory back."),
        (events.EngineUnloaded("kokoro", 0.1), "Kokoro has given its memory back."),
        (events.RequestStarted(1, ("kokoro",), 1), "Speaking 1 sentence."),
        (events.RequestStarted(1, ("kokoro",), None), "Speaking."),
        (events.RequestEnded(1, "complete", 3, 3, 62.0), "Done: 1 min 2 s of speech."),
        (
            events.RequestEnded(1, "failed", 1, 2, 1.5),
            "Ended after 1 sentence, 1.5 s of speech.",
        ),
        (events.RequestEnded(1, "failed", 0, 1, 0.0), "Nothing was spoken."),
        (events.EnginePrepared("kokoro", 1.0), None),
    ],
)
def test_event_is_told(event: Event, sentence: str | None) -> None:
    """Engines have their titles, amounts their units, and no class of ours is named."""
    told = tell(event, TITLES)

    assert sentence == (told.sentence if told else None)


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_is_told_or_left_out_knowingly(kind: type[Event]) -> None:
    """A new event does not go untold by accident."""
    known = {*telling._STATES, *telling._NOTES, *telling._TOLD_APART}  # noqa: SLF001  # its tables

    assert (kind in LEFT_OUT) != (kind in known)


def test_share_of_a_download_is_a_number() -> None:
    """A page draws a bar of it, and none where the end is not known."""
    shares = [told.share for event in (HALF, UNKNOWN) if (told := tell(event, TITLES))]

    assert [0.5, None] == shares


def test_failure_is_explained_once_for_each_engine(install: InstallEngine) -> None:
    """Who was tried twice with the same result is named once, and by title."""
    install("first", Fault("load", error=OSError("no space")))
    with Speaker("first") as speaker, pytest.raises(AllEnginesFailedError) as caught:
        speaker.say("Hello, everybody.")

    told = explain_failure(caught.value, {"first": "The First"})

    assert told.startswith("Nobody could speak. The First: ")
    assert 1 == told.count("The First")
