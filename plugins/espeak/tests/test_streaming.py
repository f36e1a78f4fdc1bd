"""Audio as it is made, and one library for all threads."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import utterly_espeak
from utterly import Context, SpeechRequest
from utterly.cancellation import Cancellation

_LONG = "The quick brown fox jumps over the lazy dog, and then it rests under the old oak. " * 40


def test_first_audio_comes_before_the_last_is_made(
    model: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener has a chunk while the library still speaks."""
    done = threading.Event()
    speak = type(model.library).speak

    def watched(*arguments: Any) -> None:
        speak(*arguments)
        done.set()

    monkeypatch.setattr(type(model.library), "speak", watched)
    stream = iter(utterly_espeak.synthesize(settings, model, SpeechRequest(_LONG), Context()))
    first = next(stream)

    assert not done.is_set()
    assert first.duration < 1
    assert sum(chunk.duration for chunk in stream) > 100


def test_closing_early_frees_the_library(model: Any, settings: Any, say: Any) -> None:
    """The next request is spoken at once, and whole."""
    alone = say("Hello, world.")
    stream = utterly_espeak.synthesize(settings, model, SpeechRequest(_LONG), Context())
    next(stream)
    stream.close()

    assert alone.sounds_like(say("Hello, world."))


def test_closing_early_ends_the_thread(model: Any, settings: Any) -> None:
    """It stops at its next piece."""
    stream = utterly_espeak.synthesize(settings, model, SpeechRequest(_LONG), Context())
    next(stream)
    (thread,) = (t for t in threading.enumerate() if t.name == "utterly-espeak")
    stream.close()
    thread.join(5)

    assert not thread.is_alive()


def test_an_abandoned_stream_holds_nobody_up(model: Any, settings: Any, say: Any) -> None:
    """The library never waits for a listener."""
    stream = utterly_espeak.synthesize(settings, model, SpeechRequest("Hello. " * 20), Context())
    next(stream)

    assert say("Hello, world.").duration > 0.8
    assert sum(chunk.duration for chunk in stream) > 5


def test_cancelling_stops_the_library(model: Any, settings: Any) -> None:
    """Nobody wants the rest."""
    cancellation = Cancellation()
    context = Context(_cancellation=cancellation)
    stream = utterly_espeak.synthesize(settings, model, SpeechRequest(_LONG * 10), context)
    next(stream)
    cancellation.set()

    assert sum(chunk.duration for chunk in stream) < 1000


def test_a_stream_that_nobody_starts_costs_nothing(model: Any, settings: Any) -> None:
    """No thread runs before the first chunk is asked for."""
    utterly_espeak.synthesize(settings, model, SpeechRequest(_LONG), Context())

    assert not [t for t in threading.enumerate() if t.name == "utterly-espeak"]


def test_each_thread_gets_its_own_audio(say: Any) -> None:
    """Twenty at once hear what each would hear alone."""
    languages = ("en-us", "de", "fr-fr", "ru", "es+f2")
    requests = [
        {"text": f"{1000 * n + 7 * n}", "voice": languages[n % 5], "speed": 1 + n % 3 / 4}
        for n in range(20)
    ]
    alone = [say(**request) for request in requests]
    together: dict[int, Any] = {}

    def work(number: int) -> None:
        together[number] = say(**requests[number])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == [n for n in range(20) if not together[n].sounds_like(alone[n])]


def test_an_error_of_the_thread_reaches_the_listener(
    model: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is."""

    def fail(*_: Any) -> None:
        raise SystemExit(3)

    monkeypatch.setattr(type(model.library), "speak", fail)
    stream = utterly_espeak.synthesize(settings, model, SpeechRequest("Hello."), Context())

    with pytest.raises(SystemExit):
        list(stream)
