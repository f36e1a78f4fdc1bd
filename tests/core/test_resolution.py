"""Tests of the one order of precedence: argument, environment, user's file, folder's, default."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from utterly import (
    InvalidRequestError,
    SettingsError,
    Speaker,
    SpeechRequest,
    Voice,
)
from utterly.testing import Fault, ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

VOICES = (Voice("anna", ("en",)), Voice("bob", ("en",)), Voice("clara", ("de",)))
PERSONAS = """
[personas.heidi]
espeak = "clara"
language = "de-AT"
speed = 0.8
[personas.plain]
espeak = "clara"
[personas.cloudy]
edge = "bob"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of one's own, with a user's file in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UTTERLY_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").write_text(PERSONAS, encoding="utf-8")
    return tmp_path


def prefer(folder: Path, *lines: str) -> None:
    """Write preferences into the user's file, above the personas."""
    text = "\n".join((*lines, PERSONAS))
    (folder / "config.toml").write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def espeak(install: InstallEngine) -> ScriptedEngine:
    """The default chain."""
    return install("espeak", languages=("en", "de"), voices=VOICES)


@pytest.fixture(autouse=True)
def edge(install: InstallEngine) -> ScriptedEngine:
    """An engine that has to be named."""
    return install("edge", kind="cloud", languages=("en", "de"), voices=VOICES)


def ask(
    engine: ScriptedEngine, engines: str | None = None, **options: str | float
) -> SpeechRequest:
    """What an engine is asked to do."""
    with Speaker(engines) as speaker:
        speaker.say("One.", **options)  # type: ignore[arg-type]  # options are checked by say
    return engine.requests[-1]


def test_argument_stands_before_environment_before_files(
    folder: Path, espeak: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place is asked only where those before it say nothing."""
    (folder / "utterly.toml").write_text("speed = 1.2", encoding="utf-8")
    speeds = [ask(espeak).speed]
    prefer(folder, "speed = 1.3")
    speeds.append(ask(espeak).speed)
    monkeypatch.setenv("UTTERLY_SPEED", "1.4")
    speeds.append(ask(espeak).speed)
    speeds.append(ask(espeak, speed=1.5).speed)

    assert [1.2, 1.3, 1.4, 1.5] == speeds


def test_folder_may_choose_a_voice_and_a_language(folder: Path, espeak: ScriptedEngine) -> None:
    """What a project says helps where the user says nothing."""
    (folder / "utterly.toml").write_text('voice = "clara"\nlanguage = "de"', encoding="utf-8")

    request = ask(espeak)

    assert ("clara", "de") == (request.voice, request.language)


def test_persona_brings_language_and_speed(espeak: ScriptedEngine) -> None:
    """Who asks for a persona need say no more."""
    request = ask(espeak, voice="heidi")

    assert ("clara", "de-AT", 0.8) == (request.voice, request.language, request.speed)


def test_persona_without_a_language_has_that_of_its_voice(espeak: ScriptedEngine) -> None:
    """The first engine of the chain that has one of its voices says which."""
    assert "de" == ask(espeak, voice="plain").language


def test_persona_stands_behind_the_place_that_chooses_it(
    folder: Path, espeak: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen by an argument it stands before the environment; chosen by the file, behind it."""
    monkeypatch.setenv("UTTERLY_LANGUAGE", "de-CH")
    chosen_by_argument = ask(espeak, voice="heidi").language
    prefer(folder, 'voice = "heidi"')
    chosen_by_file = ask(espeak).language

    assert ("de-AT", "de-CH") == (chosen_by_argument, chosen_by_file)


def test_argument_stands_before_the_persona_it_chooses(espeak: ScriptedEngine) -> None:
    """What is said in so many words holds."""
    request = ask(espeak, voice="heidi", language="de-CH", speed=1.1)

    assert ("de-CH", 1.1) == (request.language, request.speed)


def test_persona_joins_no_engine(espeak: ScriptedEngine, edge: ScriptedEngine) -> None:
    """Guarantee 8: a cloud engine speaks only when the user named it."""
    assert "anna" == ask(espeak, voice="cloudy").voice
    assert [] == edge.requests


def test_chain_of_the_user_is_the_default(folder: Path, edge: ScriptedEngine) -> None:
    """Naming engines in one's own file is naming them."""
    prefer(folder, 'chain = ["edge", "espeak"]', 'voice = "cloudy"')

    assert "bob" == ask(edge).voice


def test_chain_in_the_environment(edge: ScriptedEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `--engines` is written."""
    monkeypatch.setenv("UTTERLY_ENGINES", "edge,espeak")

    assert "anna" == ask(edge).voice


def test_voice_of_an_argument_joins_its_engine_to_the_users_chain(
    folder: Path, edge: ScriptedEngine
) -> None:
    """It comes first, as in the default chain."""
    prefer(folder, 'chain = ["espeak"]')

    assert "bob" == ask(edge, voice="edge:bob").voice


@pytest.mark.parametrize("voice", ["edge:bob", "cloudy", "nobody"])
def test_voice_of_the_user_gives_way_to_engines_of_an_argument(
    folder: Path, espeak: ScriptedEngine, edge: ScriptedEngine, voice: str
) -> None:
    """Who names other engines for once need not name another voice too."""
    prefer(folder, f'voice = "{voice}"')

    assert "anna" == ask(espeak, "espeak").voice
    assert [] == edge.requests


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ('voice = "nobody"', "espeak has no voice 'nobody'"),
        ('voice = "espeak:ana"', "did you mean espeak:anna"),
        ('voice = "espaek:anna"', "no engine is called 'espaek': did you mean 'espeak'"),
        ('chain = ["espaek"]', "no engine is called 'espaek': did you mean 'espeak'"),
    ],
)
def test_wrong_name_in_the_users_file_is_refused_with_its_source(
    folder: Path, espeak: ScriptedEngine, line: str, advice: str
) -> None:
    """Nothing is tried, and the file is named."""
    prefer(folder, line)

    with Speaker() as speaker, pytest.raises(SettingsError, match=advice) as caught:
        speaker.say("One.")

    assert str(folder / "config.toml") in str(caught.value)
    assert [] == espeak.requests


def test_voice_that_the_engine_lacks_is_refused_before_any_attempt(espeak: ScriptedEngine) -> None:
    """A mistake of the caller's is not the engine's."""
    with (
        Speaker("espeak,edge") as speaker,
        pytest.raises(InvalidRequestError, match="did you mean espeak:anna"),
    ):
        speaker.say("One.", voice="espeak:ana")

    assert [] == espeak.requests


def test_strict_and_offline_may_stand_in_the_environment(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`UTTERLY_STRICT` lets nobody stand in, `UTTERLY_OFFLINE` leaves the cloud out."""
    install("first", Fault("load", error=MemoryError()))
    monkeypatch.setenv("UTTERLY_OFFLINE", "1")
    with Speaker("edge,espeak") as speaker:
        offline = speaker.say("One.").engines
    monkeypatch.setenv("UTTERLY_STRICT", "1")

    with Speaker("first,espeak") as speaker, pytest.raises(Exception, match="no engine could"):
        speaker.say("One.")

    assert ("espeak",) == offline


def test_speed_of_an_argument_is_insisted_upon(install: InstallEngine) -> None:
    """Of a file it is not: an engine without speeds speaks as fast as ever."""
    install("slow", features=())

    with Speaker("slow,espeak") as speaker:
        assert "espeak" == speaker.say("One.", speed=1.5).segments[0].engine


def test_speed_of_the_user_silences_no_engine(folder: Path, install: InstallEngine) -> None:
    """The first choice still speaks, and the result says what was left out."""
    install("slow", features=())
    prefer(folder, "speed = 1.5")

    with Speaker("slow,espeak") as speaker:
        segment = speaker.say("One.").segments[0]

    assert ("slow", ("slow has no speed; it was left out",)) == (segment.engine, segment.warnings)
