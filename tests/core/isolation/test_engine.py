"""An engine in a process of its own behaves as one in ours; what happens to it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import psutil
import pytest
from tests.faults.waiting import finish_within, wait_until

from utterly import (
    AllEnginesFailedError,
    EngineUnavailableError,
    Policy,
    Secret,
    SettingsError,
    Speaker,
    UtterlyError,
)
from utterly.errors import EngineCrashedError
from utterly.events import EngineLoading, EngineProgress, EngineUnresponsive
from utterly.health_book import book
from utterly.isolation.ending import EngineProcessEnded
from utterly.testing import RecordingObserver, ScriptedEngine, hear, register_engine

Install = Callable[..., str]

APART = {"apart": {"isolation": "process"}}
TEXT = "The first sentence. The second sentence. The third sentence."
SENTENCES = ["The first sentence.", "The second sentence.", "The third sentence."]

needs_signals = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="processes end without signals here"
)


def fail_to_say(speaker: Speaker) -> None:
    """Speak, and be cut off."""
    with pytest.raises(UtterlyError):
        speaker.say("One.")


def only_process() -> psutil.Process:
    """The process of the engine."""
    (process,) = psutil.Process().children()
    return process


def test_it_speaks(install_apart: Install) -> None:
    """Audio, words and voices are those of the engine."""
    name = install_apart("apart")
    with Speaker(name, settings=APART) as speaker:
        speech = speaker.say(TEXT, voice="apart:second")

    assert SENTENCES == [t.text for t in hear(speech.samples, speech.sample_rate, SENTENCES)]
    assert ["The", "first", "sentence."] == [word.text for word in speech.segments[0].words]
    assert {"second"} == {segment.voice for segment in speech.segments}


@pytest.mark.parametrize(
    ("source", "name"),
    [("file", "file"), ("environment", "environment")],
)
def test_the_user_says_so(
    install_apart: Install, monkeypatch: pytest.MonkeyPatch, source: str, name: str
) -> None:
    """The file and the environment count as for every setting."""
    install_apart("apart")
    if source == "file":
        Path(os.environ["UTTERLY_CONFIG"]).write_text('[engines.apart]\nisolation = "process"\n')
    else:
        monkeypatch.setenv("UTTERLY_APART_ISOLATION", "process")
    with Speaker("apart") as speaker:
        speaker.prepare()
        processes = len(psutil.Process().children())

    assert 1 == processes, name


def test_unload_ends_the_process(install_apart: Install) -> None:
    """What it has taken of memory is given back, whatever its libraries keep."""
    name = install_apart("apart")
    with Speaker(name, settings=APART, unload="after-request") as speaker:
        speaker.say("One.")

        assert [] == psutil.Process().children()


def test_several_segments_are_in_flight(install_apart: Install) -> None:
    """One process speaks for as many threads as the engine's concurrency says."""
    name = install_apart("apart", "delay=0.3, concurrency=3")
    speeches = []
    with Speaker(name, settings=APART) as speaker:
        threads = [Thread(target=lambda: speeches.append(speaker.say("One."))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert 1 == len(psutil.Process().children())
    assert ["complete"] * 3 == [speech.status for speech in speeches]


@needs_signals
def test_killed_while_idle_costs_nothing(install_apart: Install) -> None:
    """The next request finds a new process, and no attempt fails."""
    name, observer = install_apart("apart"), RecordingObserver()
    with Speaker(name, settings=APART, on_event=observer) as speaker:
        speaker.prepare()
        only_process().kill()
        ended = observer.wait_for(EngineProcessEnded, timeout=10)
        speech = speaker.say("One.")

    assert "signal SIGKILL (Killed)" in ended.reason
    assert [""] == [attempt.error for attempt in speech.segments[0].attempts]
    assert 2 == len(observer.of(EngineLoading))


WAITING = """
from pathlib import Path
from threading import Event
import numpy as np
from utterly import Audio, EngineInfo, hookimpl

utterly_api = 1
spoke = Path(__file__).with_name("spoke")

@hookimpl
def describe():
    return EngineInfo("Apart", "local", ("en",), 24_000, licence="MIT")

@hookimpl
def synthesize():
    yield Audio(np.full(24_000, 0.1, np.float32), 24_000)
    if not spoke.exists():
        spoke.touch()
        Event().wait()
"""


@needs_signals
def test_killed_while_it_speaks_is_tried_again(install_apart: Install, tmp_path: Path) -> None:
    """A process that somebody shot is replaced, and the segment is spoken whole by the next."""
    install_apart("apart", source=WAITING)
    with Speaker("apart", settings=APART) as speaker:
        speaker.prepare()
        process = only_process()

        def kill() -> None:
            wait_until((tmp_path / "spoke").exists)
            process.kill()

        thread = Thread(target=kill)
        thread.start()
        speech = speaker.say("One.")
        thread.join()

    attempts = [attempt.error for attempt in speech.segments[0].attempts]
    assert "complete" == speech.status
    assert speech.duration == pytest.approx(1.0, abs=0.1)
    assert ["EngineCrashedError", ""] == attempts


CRASHES = {
    "segfault": "signal SIGSEGV",
    "exit": "exit code 23",
    "exit_from_c": "exit code 24",
    "kill": "signal SIGKILL",
}


@needs_signals
@pytest.mark.parametrize("kind", CRASHES)
def test_crash_is_told_in_words(install_apart: Install, kind: str) -> None:
    """The attempt has an error class of its own, and the signal or exit code in its message."""
    name = install_apart("apart", f'Fault("before_audio", {kind!r})')
    with Speaker(name, settings=APART) as speaker, pytest.raises(AllEnginesFailedError) as caught:
        speaker.say("One.")

    assert ["EngineCrashedError"] * 2 == [attempt.error for attempt in caught.value.attempts]
    assert all(CRASHES[kind] in attempt.message for attempt in caught.value.attempts)
    assert isinstance(caught.value.__cause__, EngineCrashedError)


@needs_signals
def test_crash_loop_opens_the_circuit(install_apart: Install) -> None:
    """An engine that crashes each time is left alone after the third."""
    name = install_apart("apart", 'Fault("before_audio", "exit")')
    with Speaker(f"{name},espeak", settings=APART, policy=Policy(switch_back="segment")) as speaker:
        speech = speaker.say("One. Two. Three.")
        state = book.look(speaker._requests._sessions.open(name).health_key).state  # noqa: SLF001  # its health

    failures = [sum(bool(a.error) for a in segment.attempts) for segment in speech.segments]
    assert ("complete", ("espeak",)) == (speech.status, speech.engines)
    assert ([2, 2, 0], "open") == (failures, state)


@needs_signals
def test_hung_engine_is_killed_and_replaced(install_apart: Install) -> None:
    """What cannot be stopped is ended; nobody waits for it, and it is not listed as busy."""
    hang = 'Fault("before_audio", "stop", text="One.", times=1)'
    name, observer = install_apart("apart", hang), RecordingObserver()
    policy = Policy(first_audio_local_seconds=1.0)
    with Speaker(name, settings=APART, policy=policy, on_event=observer) as speaker:
        speaker.prepare()
        stopped = only_process()
        with pytest.raises(AllEnginesFailedError) as caught:
            speaker.say("One.")
        wait_until(lambda: not stopped.is_running())
        speech = speaker.say("Two.")

    assert ["StageTimeoutError"] == [attempt.error for attempt in caught.value.attempts]
    assert "complete" == speech.status
    assert [] == observer.of(EngineUnresponsive)


def test_closing_ends_an_engine_that_does_not_stop(install_apart: Install) -> None:
    """A speaker is closed within its two seconds, and nothing goes on behind its back."""
    hang = 'Fault("before_audio", "hang", stubborn=True)'
    name = install_apart("apart", hang)
    speaker = Speaker(name, settings=APART)
    speaker.prepare()
    process = only_process()
    thread = Thread(target=fail_to_say, args=[speaker], daemon=True)
    thread.start()
    wait_until(lambda: process.num_threads() > 2)
    finish_within(10, speaker.close)
    thread.join(10)

    wait_until(lambda: not process.is_running())


def test_listener_who_leaves_costs_no_model(install_apart: Install) -> None:
    """Leaving a stream early leaves the process and its model where they are."""
    name, observer = install_apart("apart", "seconds=2.0"), RecordingObserver()
    with Speaker(name, settings=APART, on_event=observer) as speaker:
        with speaker.stream("One.") as stream:
            next(stream)
        speaker.say("Two.")

    assert ([], 1) == (observer.of(EngineProcessEnded), len(observer.of(EngineLoading)))


SETTINGS_AND_LOG = """
import logging, os
from dataclasses import dataclass
from pathlib import Path
import numpy as np
from utterly import Audio, EngineInfo, Secret, hookimpl

utterly_api = 1

@dataclass(frozen=True)
class Settings:
    key: Secret | None = None
    folder: Path | None = None
    times: int = 1

@hookimpl
def describe():
    return EngineInfo("Apart", "local", ("en",), 24_000, settings=Settings, licence="MIT",
                      environment={"APART_CACHE": "7", "APART_SET": "core"})

@hookimpl
def load(settings, context):
    print("on standard output")
    context.progress(1, 2, "half")
    context.logger.warning("key of %d letters in %s", len(settings.key.reveal()), settings.folder)
    context.logger.warning("%s %s", os.environ["APART_CACHE"], os.environ["APART_SET"])
    context.logger.warning("cores %s", os.environ.get("OMP_NUM_THREADS"))

@hookimpl
def synthesize(settings):
    for _ in range(settings.times):
        yield Audio(np.full(24_000, 0.1, np.float32), 24_000)
"""


def test_settings_progress_and_log_cross(
    install_apart: Install,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A plugin notices nothing: its settings are filled in there, what it tells is told here."""
    install_apart("apart", source=SETTINGS_AND_LOG)
    monkeypatch.setenv("APART_SET", "user")
    observer = RecordingObserver()
    settings = {"apart": {"isolation": "process", "key": Secret("sesame"), "folder": Path("a")}}
    with Speaker("apart", settings=settings, on_event=observer) as speaker, caplog.at_level("INFO"):
        speaker.prepare()
        words = " ".join(only_process().cmdline())

    logged = [r.getMessage() for r in caplog.records if r.name == "utterly.engines.apart"]
    assert ["key of 6 letters in a", "7 user"] == logged[:2]
    assert [(1.0, 2.0, "half")] == [(p.done, p.total, p.note) for p in observer.of(EngineProgress)]
    assert "sesame" not in words
    assert "" == capfd.readouterr().out


def test_wrong_setting_is_refused_as_in_this_process(install_apart: Install) -> None:
    """The caller's own is an error at once, found where the plugin is."""
    install_apart("apart", source=SETTINGS_AND_LOG)
    settings = {"apart": {"isolation": "process", "times": "often"}}

    with Speaker("apart", settings=settings) as speaker, pytest.raises(SettingsError) as caught:
        speaker.say("One.")

    assert "apart.times = 'often' (from argument) does not fit" in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"isolation": "container"}, "one of none, process"),
        ({"memory_limit": 500}, 'set isolation = "process"'),
        ({"isolation": "process", "memory_limit": 0}, "at least 1"),
        ({"isolation": "process", "cores": "many"}, "a whole number"),
    ],
)
def test_wrong_isolation_is_refused(settings: dict[str, object], reason: str) -> None:
    """A setting that could not be kept to is not passed over."""
    with (
        Speaker("espeak", settings={"espeak": settings}) as speaker,
        pytest.raises(SettingsError, match=reason),
    ):
        speaker.say("One.")


def test_engine_of_this_process_alone_cannot_be_had_elsewhere() -> None:
    """One that was registered by code says so, with what to do."""
    with (
        register_engine(ScriptedEngine(), "apart"),
        Speaker("apart", settings=APART) as speaker,
        pytest.raises(EngineUnavailableError, match="install it, or leave isolation out"),
    ):
        speaker.prepare()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import no_such_module", "no_such_module"),
        ("utterly_api = 1", "describe"),
    ],
)
def test_plugin_that_cannot_be_read_costs_that_engine_only(
    install_apart: Install, source: str, reason: str
) -> None:
    """It is imported over there, and what comes of that is one line here, found once."""
    install_apart("apart", source=source)
    with Speaker("apart,espeak", settings=APART) as speaker:
        speech = speaker.say("One. Two.")

    failed = speech.segments[0].attempts[0]
    assert ("complete", ("espeak",)) == (speech.status, speech.engines)
    assert (failed.error, reason in failed.message) == ("EngineUnavailableError", True)


FORKING = """
import os, sys
from utterly import Speaker

sys.path.insert(0, sys.argv[1])
speaker = Speaker("apart", settings={"apart": {"isolation": "process"}})
speaker.say("One.")
child = os.fork()
spoken = speaker.say("Two.").status
if child == 0:
    speaker.close()
    os._exit(spoken != "complete")
_, status = os.waitpid(child, 0)
print(spoken, status, speaker.say("Three.").status)
speaker.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_child_of_a_fork_has_a_process_of_its_own(install_apart: Install, tmp_path: Path) -> None:
    """Parent and child speak at the same time, and neither ends what is the other's."""
    install_apart("apart")
    command = [sys.executable, "-c", FORKING, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert ("complete 0 complete\n", "") == (ended.stdout, ended.stderr)
