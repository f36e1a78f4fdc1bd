"""Tests of `Speaker`: who is asked, with what, and what becomes of the models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from utterly import (
    AllEnginesFailedError,
    ClosedError,
    InvalidRequestError,
    ModelDownloadError,
    NoEngineError,
    Policy,
    RequestCancelledError,
    SettingsError,
    Speaker,
    TransientEngineError,
    Voice,
)
from utterly.events import (
    AttemptFailed,
    AttemptStarted,
    EngineLoaded,
    EngineUnloaded,
    EngineUnloadFailed,
)
from utterly.testing import Fault, RecordingObserver, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]


@dataclass(frozen=True)
class Settings:
    """Settings of a test engine."""

    rate: int = 1


def test_nothing_is_prepared_or_loaded_before_it_is_needed(install: InstallEngine) -> None:
    """A speaker that never speaks costs nothing, nor does an engine whose turn never comes."""
    first, second = install("first"), install("second")

    with Speaker("first,second") as speaker:
        before = (first.called("ensure_model"), first.called("load"))
        speaker.say("One.")

    assert ((0, 0), 1, 0) == (before, first.loads, second.called("ensure_model"))


def test_prepare_loads_the_first_choice(install: InstallEngine) -> None:
    """The first words then come without waiting."""
    first, second = install("first"), install("second")

    with Speaker("first,second") as speaker:
        speaker.prepare()

        assert (1, 0) == (first.loaded, second.loaded)


def test_engine_that_was_prepared_after_a_failure_speaks_next(install: InstallEngine) -> None:
    """Who had its model fetched again need not hear the stand-in for longer."""
    install("first", Fault("ensure_model", error=ModelDownloadError("no network"), times=2))
    install("second")
    with Speaker(["first", "second"], policy=Policy(open_seconds=300.0)) as speaker:
        spoken_by = [speaker.say("Hello, world.").engines]
        speaker.prepare("first")
        spoken_by.append(speaker.say("Hello, world.").engines)

    assert [("second",), ("first",)] == spoken_by


@pytest.mark.parametrize(
    ("unload", "loads", "left"), [("after-request", 2, 0), ("idle", 1, 1), ("never", 1, 1)]
)
def test_unload_policy_decides_when_the_model_goes(
    install: InstallEngine, unload: Any, loads: int, left: int
) -> None:
    """After each request, after a while, or only at the end."""
    engine = install("first")

    with Speaker("first", unload=unload) as speaker:
        speaker.say("One. Two.")
        speaker.say("Three.")

        assert (loads, left) == (engine.loads, engine.loaded)


def test_idle_model_goes_after_the_idle_time(install: InstallEngine) -> None:
    """Memory comes back without anybody asking."""
    install("first")
    observer = RecordingObserver()

    with Speaker("first", idle_seconds=0.01, on_event=observer) as speaker:
        speaker.say("One.")

        assert "first" == observer.wait_for(EngineUnloaded, timeout=10).engine


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
@pytest.mark.parametrize("fault", [None, Fault("before_audio"), Fault("after_audio", after=0.1)])
def test_model_is_unloaded_exactly_once_also_after_failures(
    install: InstallEngine, fault: Fault | None, is_async: bool
) -> None:
    """Whatever became of the request, what was loaded is given back, once."""
    engine = install("first", *([fault] if fault else []), is_async=is_async)
    install("second")

    with Speaker("first,second") as speaker:
        speaker.say("One. Two.")

    assert (1, 1, []) == (engine.loads, engine.unloads, engine.misuses)


def test_failing_unload_is_reported_and_never_raised(install: InstallEngine) -> None:
    """A model that will not go is nobody's error but an event."""
    install("first", Fault("unload", error=SystemExit(1)))
    observer = RecordingObserver()

    with Speaker("first", unload="after-request", on_event=observer) as speaker:
        speech = speaker.say("One.")

    assert "complete" == speech.status
    assert ["SystemExit"] == [event.error for event in observer.of(EngineUnloadFailed)]


def test_error_that_is_kept_keeps_no_model(install: InstallEngine) -> None:
    """What hangs on an error's traceback does not hold up `after-request`."""
    engine = install("first", Fault("before_audio"))

    with Speaker("first", unload="after-request") as speaker:
        with pytest.raises(AllEnginesFailedError) as caught:
            speaker.say("One.")

        assert (1, 0) == (len(caught.value.attempts), engine.loaded)


def test_loading_again_after_unloading(install: InstallEngine) -> None:
    """Each request has a model of its own where the policy says so."""
    install("first")
    observer = RecordingObserver()

    with Speaker("first", unload="after-request", on_event=observer) as speaker:
        speaker.say("One.")
        speaker.say("Two.")

    names = [n for n in observer.names() if n in ("EngineLoaded", "EngineUnloaded")]
    assert ["EngineLoaded", "EngineUnloaded"] * 2 == names


@pytest.mark.parametrize("is_async", [False, True], ids=["blocking", "async"])
def test_closing_cancels_what_is_running(install: InstallEngine, is_async: bool) -> None:
    """Whoever waits for a hung engine is let go when the speaker is closed."""
    engine = install("first", Fault("before_audio", kind="hang"), is_async=is_async)
    outcome: list[BaseException] = []
    observer = RecordingObserver()
    speaker = Speaker("first", on_event=observer)

    def speak() -> None:
        try:
            speaker.say("One.")
        except RequestCancelledError as error:
            outcome.append(error)

    thread = Thread(target=speak)
    thread.start()
    observer.wait_for(EngineLoaded, timeout=10)
    while not engine.requests:
        pass
    speaker.close()
    thread.join(10)

    assert 1 == len(outcome)
    assert 0 == engine.loaded


def test_closing_ends_the_pause_before_a_retry(install: InstallEngine) -> None:
    """Nobody waits for an engine that is asked again only after the speaker is gone."""
    install("first", Fault("before_audio", error=TransientEngineError("503")))
    observer = RecordingObserver()
    speaker = Speaker("first", on_event=observer)

    def close_in_the_pause() -> None:
        observer.wait_for(AttemptFailed)
        speaker.close()

    closing = Thread(target=close_in_the_pause)
    closing.start()

    with pytest.raises(RequestCancelledError):
        speaker.say("One.")

    closing.join(10)
    assert 1 == len(observer.of(AttemptStarted))


def test_closed_speaker_says_so(install: InstallEngine) -> None:
    """Speaking after closing is a mistake with a name."""
    install("first")
    speaker = Speaker("first")
    speaker.close()

    with pytest.raises(ClosedError, match="make a new one"):
        speaker.say("One.")


def test_model_of_a_hung_engine_is_never_unloaded_in_use(install: InstallEngine) -> None:
    """An engine that ignores cancellation keeps its model until it is done."""
    engine = install("first", Fault("before_audio", kind="hang", stubborn=True))
    started, observer = Event(), RecordingObserver()
    speaker = Speaker("first", on_event=observer)

    def speak() -> None:
        started.set()
        with pytest.raises(RequestCancelledError):
            speaker.say("One.")

    thread = Thread(target=speak)
    thread.start()
    while not engine.requests:
        pass
    speaker.close()
    loaded_in_use = engine.loaded
    engine.release()
    thread.join(10)

    assert 1 == loaded_in_use
    assert "first" == observer.wait_for(EngineUnloaded, timeout=10).engine
    assert [] == engine.misuses


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"speed": 0.1}, "speed must be 0.5 to 2"),
        ({"speed": float("nan")}, "speed must be 0.5 to 2"),
        ({"pitch": 13.0}, "pitch must be -12 to 12"),
        ({"volume": -0.1}, "volume must be 0 to 2"),
        ({"voice": "first:"}, "write engine:id"),
        ({"voice": ":id"}, "write engine:id"),
        ({"voice": "second:second"}, "which is not among the engines first"),
        ({"voice": "secnd"}, "did you mean first:second"),
        ({"engines": "frist"}, "did you mean 'first'"),
    ],
)
def test_guarantee_7_the_callers_mistakes_reach_no_engine(
    install: InstallEngine, options: dict[str, Any], advice: str
) -> None:
    """Guarantee 7, fair health: what is wrong with the request is said before any attempt."""
    engine = install("first")
    install("second")

    with Speaker("first") as speaker, pytest.raises(InvalidRequestError, match=advice):
        speaker.say("One.", **options)

    assert [] == engine.requests


def test_voice_goes_to_its_own_engine_only(install: InstallEngine) -> None:
    """On a stand-in an id never crosses: it speaks with its own default."""
    install("first", Fault("before_audio"), voices=(Voice("anna", ("en",)),))
    second = install("second", voices=(Voice("bob", ("en",)),))

    with Speaker("first,second", voice="first:anna") as speaker:
        speech = speaker.say("One.")

    assert ["bob"] == [request.voice for request in second.requests]
    assert "anna" == speech.segments[0].attempts[0].voice


def test_voice_without_engine_is_found(install: InstallEngine) -> None:
    """An id that exactly one engine of the chain has needs no engine's name."""
    first = install("first", voices=(Voice("anna", ("en",)), Voice("carla", ("en",))))
    install("second", voices=(Voice("bob", ("en",)),))

    with Speaker("first,second", voice="carla") as speaker:
        speaker.say("One.")

    assert "carla" == first.requests[0].voice


def test_voice_of_two_engines_is_ambiguous(install: InstallEngine) -> None:
    """Where two engines have the id, the caller says which one is meant."""
    install("first")
    install("second")

    advice = pytest.raises(InvalidRequestError, match="first:second or second:second")
    with Speaker("first,second", voice="second") as speaker, advice:
        speaker.say("One.")


def test_voice_brings_its_language(install: InstallEngine) -> None:
    """Who asks for a Japanese voice need not name the language too."""
    voices = (Voice("anna", ("en",)), Voice("yuki", ("ja",)))
    first = install("first", languages=("en", "ja"), voices=voices)

    with Speaker("first", voice="first:yuki") as speaker:
        speaker.say("こんにちは。")

    assert "ja" == first.requests[0].language


def test_settings_reach_every_hook(install: InstallEngine) -> None:
    """What the caller sets is what the engine gets."""
    engine = install("first", settings=Settings)

    with Speaker("first", settings={"first": {"rate": "7"}}) as speaker:
        speaker.say("One.")

    assert 1 == len(engine.requests)


@pytest.mark.parametrize("engines", ["first,second", "second,first"])
def test_wrong_settings_of_the_caller_are_refused_at_once(
    install: InstallEngine, engines: str
) -> None:
    """Not when the engine's turn comes, and whichever engine they are for."""
    install("first", settings=Settings)
    second = install("second")

    refusal = pytest.raises(SettingsError, match=r"first.rate = 'x' \(from argument\)")
    with Speaker(engines, settings={"first": {"rate": "x"}}) as speaker, refusal:
        speaker.say("One.")

    assert [] == second.requests


def test_wrong_settings_in_the_environment_cost_that_engine_only(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next engine speaks, and the attempt names the variable."""
    monkeypatch.setenv("UTTERLY_FIRST_RATE", "x")
    install("first", settings=Settings)
    install("second")

    with Speaker("first,second") as speaker:
        attempt = speaker.say("One.").segments[0].attempts[0]

    assert "EngineUnavailableError" == attempt.error
    assert "UTTERLY_FIRST_RATE" in attempt.message


def test_configured_name_is_an_engine_of_its_own(
    install: InstallEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`[engines.studio] use = "first"` makes a second one, with settings and model of its own."""
    path = tmp_path / "config.toml"
    path.write_text('[engines.studio]\nuse = "first"\nrate = 3\n', encoding="utf-8")
    monkeypatch.setenv("UTTERLY_CONFIG", str(path))
    engine = install("first", Fault("before_audio", text="Two."), settings=Settings)

    with Speaker("first,studio") as speaker:
        speaker.say("One.")
        with pytest.raises(AllEnginesFailedError) as caught:
            speaker.say("Two.")

    assert ["first", "studio"] == [attempt.engine for attempt in caught.value.attempts]
    assert 2 == engine.loads


def test_nothing_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line with the `pip install` that mends it."""
    monkeypatch.setenv("UTTERLY_DISABLE", "espeak,kokoro")

    with Speaker() as speaker, pytest.raises(NoEngineError, match="pip install utterly-espeak"):
        speaker.say("One.")


@pytest.mark.parametrize("unload", ["sometimes", ""])
def test_unknown_unload_policy_is_refused(unload: Any) -> None:
    """The accepted values are named."""
    with pytest.raises(InvalidRequestError, match="after-request, idle, never"):
        Speaker(unload=unload)
