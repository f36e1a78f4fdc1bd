"""Extensions and observers: each sentence that the design says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from utterly import (
    AllEnginesFailedError,
    Audio,
    AudioChunk,
    EngineError,
    OutOfMemoryError,
    PluginError,
    Speaker,
    Speech,
    SpeechRequest,
    TransientEngineError,
    hookimpl,
)
from utterly.events import (
    AttemptStarted,
    EngineHealthChanged,
    EngineLoaded,
    Event,
    ExtensionBypassed,
)
from utterly.testing import (
    Fault,
    RecordingObserver,
    ScriptedEngine,
    hear,
    register_extension,
    tone,
)

InstallEngine = Callable[..., ScriptedEngine]
Speak = Callable[[SpeechRequest], Iterator[AudioChunk]]
Around = Callable[[SpeechRequest, Speak], Iterator[Any]]
Extend = Callable[..., None]

TEXTS = ["One is here.", "Two is here.", "Other words."]


class Extension:
    """An extension made of one function."""

    utterly_api = 1

    def __init__(self, around: Around) -> None:
        self.around = around

    @hookimpl
    def around_synthesize(self, request: SpeechRequest, speak: Speak) -> Iterator[Any]:
        """Do what the function does."""
        return self.around(request, speak)


@pytest.fixture
def extend() -> Iterator[Extend]:
    """Register extensions for one test."""
    with ExitStack() as stack:

        def register(**extensions: object) -> None:
            for name, extension in extensions.items():
                is_plugin = hasattr(extension, "utterly_api")
                plugin = extension if is_plugin else Extension(cast("Around", extension))
                stack.enter_context(register_extension(plugin, name))

        yield register


def say(text: str, *extensions: str, engines: str = "first", **options: Any) -> Speech:
    """Speak with extensions."""
    with Speaker(engines, extensions=extensions, **options) as speaker:
        return speaker.say(text)


def heard(speech: Speech) -> list[str | None]:
    """Which texts are heard whole."""
    found = hear(speech.samples, speech.sample_rate, TEXTS)
    return [tone.text for tone in found if tone.complete]


def test_extension_may_leave_everything_as_it_is(install: InstallEngine, extend: Extend) -> None:
    """`yield from speak(request)` changes nothing."""
    install("first")
    extend(plain=lambda request, speak: speak(request))

    assert TEXTS[:2] == heard(say("One is here. Two is here.", "plain"))


def test_extension_may_change_the_request(install: InstallEngine, extend: Extend) -> None:
    """A lexicon replaces words before the engine sees them."""
    install("first")
    extend(lexicon=lambda request, speak: speak(replace(request, text=TEXTS[2])))

    assert TEXTS[2:] == heard(say(TEXTS[0], "lexicon"))


def test_extension_that_does_not_call_speak_prepares_and_loads_nothing(
    install: InstallEngine, extend: Extend
) -> None:
    """A cache answers without the engine."""
    engine = install("first")
    extend(cache=lambda request, _speak: iter([Audio(tone(request.text), 24_000)]))

    assert [TEXTS[0]] == heard(say(TEXTS[0], "cache"))
    assert (0, 0) == (engine.called("ensure_model"), engine.called("load"))


def test_extension_sees_every_chunk(install: InstallEngine, extend: Extend) -> None:
    """What the engine yields passes through, stamped with segment and engine."""
    install("first", seconds=0.3, chunk=0.1)
    chunks: list[AudioChunk] = []

    def watch(request: SpeechRequest, speak: Speak) -> Iterator[AudioChunk]:
        for chunk in speak(request):
            chunks.append(chunk)
            yield chunk

    extend(watch=watch)
    speech = say("One is here. Two is here.", "watch")

    assert {(0, "first"), (1, "first")} == {(chunk.segment, chunk.engine) for chunk in chunks}
    lengths = [segment.end - segment.start for segment in speech.segments]
    assert sum(lengths) == pytest.approx(sum(chunk.duration for chunk in chunks), abs=0.01)


def test_extension_sees_every_error(install: InstallEngine, extend: Extend) -> None:
    """An engine's failure passes through the extension and stays the engine's."""
    install("first", Fault("after_audio", after=0.1, error=OutOfMemoryError("full")))
    install("second")
    seen: list[str] = []

    def watch(request: SpeechRequest, speak: Speak) -> Iterator[AudioChunk]:
        try:
            yield from speak(request)
        except EngineError as error:
            seen.append(str(error))
            raise

    extend(watch=watch)
    speech = say(TEXTS[0], "watch", engines="first,second")

    assert ["full"] == seen
    assert ["OutOfMemoryError", ""] == [a.error for a in speech.segments[0].attempts]


def test_first_extension_is_outermost(install: InstallEngine, extend: Extend) -> None:
    """They nest in the order in which they were named."""
    install("first")
    order: list[str] = []

    def note(name: str) -> Around:
        def around(request: SpeechRequest, speak: Speak) -> Iterator[AudioChunk]:
            order.append(f"{name} begins")
            yield from speak(request)
            order.append(f"{name} ends")

        return around

    extend(outer=note("outer"), inner=note("inner"))
    say(TEXTS[0], "outer", "inner")

    assert ["outer begins", "inner begins", "inner ends", "outer ends"] == order


def fail_at_once(_request: SpeechRequest, _speak: Speak) -> Iterator[AudioChunk]:
    """Fail before anything is asked of the engine."""
    raise ValueError("extension")


def fail_before_first_chunk(request: SpeechRequest, speak: Speak) -> Iterator[AudioChunk]:
    """Fail with the engine's first chunk in hand."""
    for _chunk in speak(request):
        raise ValueError("extension")
    yield from ()


def fail_after_first_chunk(request: SpeechRequest, speak: Speak) -> Iterator[AudioChunk]:
    """Fail in the middle."""
    yield next(speak(request))
    raise SystemExit(3)


def fail_by_nonsense(_request: SpeechRequest, _speak: Speak) -> Iterator[Any]:
    """Yield what is not audio."""
    yield "audio"


def fail_by_nothing(_request: SpeechRequest, _speak: Speak) -> Iterator[Any]:
    """Yield nothing although there is something to say."""
    return iter(())


def fail_by_integers(_request: SpeechRequest, _speak: Speak) -> Iterator[Any]:
    """Yield samples of a type that no engine may yield."""
    yield Audio(np.ones(24_000, np.int16), 24_000)


@pytest.mark.parametrize(
    "around",
    [
        fail_at_once,
        fail_before_first_chunk,
        fail_after_first_chunk,
        fail_by_nonsense,
        fail_by_nothing,
        fail_by_integers,
    ],
)
def test_fault_of_an_extension_is_bypassed(
    install: InstallEngine, extend: Extend, around: Around
) -> None:
    """The same engine speaks the segment without it, whole and once, and no attempt has failed."""
    install("first")
    extend(broken=around)

    speech = say("One is here. Two is here.", "broken")

    assert TEXTS[:2] == heard(speech)
    assert [""] * 2 == [attempt.error for s in speech.segments for attempt in s.attempts]


def test_fault_of_an_extension_is_told_once(install: InstallEngine, extend: Extend) -> None:
    """The extension is left out for the rest of the request, and an event says so."""
    install("first")
    extend(broken=fail_after_first_chunk)
    observer = RecordingObserver()

    say("One is here. Two is here.", "broken", on_event=observer)

    (told,) = observer.of(ExtensionBypassed)
    assert ("broken", "SystemExit") == (told.extension, told.error)


def test_fault_of_one_extension_leaves_the_others_in_place(
    install: InstallEngine, extend: Extend
) -> None:
    """Only the one that failed is left out."""
    install("first")
    extend(
        lexicon=lambda request, speak: speak(replace(request, text=TEXTS[2])),
        broken=fail_at_once,
    )

    assert TEXTS[2:] == heard(say(TEXTS[0], "lexicon", "broken"))


def test_extension_that_breaks_on_an_engines_error_does_not_hide_it(
    install: InstallEngine, extend: Extend
) -> None:
    """Where the engine failed first, its failure is what is reported."""
    install("first", Fault("before_audio", error=TransientEngineError("503")))

    def clumsy(request: SpeechRequest, speak: Speak) -> Iterator[AudioChunk]:
        try:
            yield from speak(request)
        except EngineError as error:
            raise KeyError("clumsy") from error

    extend(clumsy=clumsy)
    observer = RecordingObserver()
    with pytest.raises(AllEnginesFailedError, match="TransientEngineError: 503"):
        say(TEXTS[0], "clumsy", on_event=observer)

    assert [] == observer.of(ExtensionBypassed)


def test_guarantee_7_an_extensions_answer_says_nothing_about_the_engine(
    install: InstallEngine, extend: Extend
) -> None:
    """Guarantee 7, fair health: an engine that is ill is not made well by a cache."""
    install("first", Fault("before_audio", error=OutOfMemoryError("full")))
    extend(cache=lambda request, _speak: iter([Audio(tone(request.text), 24_000)]))
    observer = RecordingObserver()
    with pytest.raises(AllEnginesFailedError):
        say(TEXTS[0])

    assert [TEXTS[0]] == heard(say(TEXTS[0], "cache", on_event=observer))
    assert [] == observer.of(EngineHealthChanged)


def test_interrupt_in_an_extension_passes_through(install: InstallEngine, extend: Extend) -> None:
    """Ctrl-C in the middle of it is the user's wish, not its fault."""
    install("first")

    def interrupt(_request: SpeechRequest, _speak: Speak) -> Iterator[AudioChunk]:
        raise KeyboardInterrupt

    extend(interrupt=interrupt)
    with pytest.raises(KeyboardInterrupt):
        say(TEXTS[0], "interrupt")


def test_interrupt_in_an_observer_passes_through(install: InstallEngine) -> None:
    """Ctrl-C while an event is told ends the request too."""
    install("first")

    def interrupt(event: Event) -> None:
        if isinstance(event, AttemptStarted):  # told on the caller's own thread
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        say(TEXTS[0], on_event=interrupt)


def test_extension_runs_only_when_named(install: InstallEngine, extend: Extend) -> None:
    """Being installed is not enough."""
    install("first")
    extend(broken=fail_at_once)
    observer = RecordingObserver()

    say(TEXTS[0], on_event=observer)

    assert [] == observer.of(ExtensionBypassed)


def test_unknown_extension_is_refused() -> None:
    """An extension that was named and is not there is no silent loss."""
    with pytest.raises(PluginError, match="no such extension"):
        Speaker("espeak", extensions=["nothing_of_the_kind"])


class Faulty:
    """An observer that fails at every event."""

    utterly_api = 1

    @hookimpl
    def on_event(self, event: Event) -> None:
        """Fail."""
        raise SystemExit(type(event).__name__)


def test_observers_are_called_each_in_its_own_try(
    install: InstallEngine, extend: Extend, caplog: pytest.LogCaptureFixture
) -> None:
    """One that fails disturbs neither the speaking nor the next observer."""
    install("first")
    recording, last = RecordingObserver(), RecordingObserver()
    extend(faulty=Faulty(), recording=recording)

    speech = say(TEXTS[0], "faulty", "recording", on_event=last)

    assert "complete" == speech.status
    assert recording.names() == last.names()
    assert 1 == len(recording.of(EngineLoaded))
    assert "observer faulty failed at RequestStarted" in caplog.text
