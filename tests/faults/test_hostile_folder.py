"""A hostile `utterly.toml` in the working folder changes nothing that it may not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from utterly import Speaker, Voice
from utterly.cli import main
from utterly.folder_file import LARGEST, PreferenceIgnored, read_folder_file
from utterly.testing import ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

FORBIDDEN = {
    "engine with another plugin": '[engines.espeak]\nuse = "edge"',
    "engine with an endpoint": '[engines.espeak]\nendpoint = "http://127.0.0.1:1"',
    "engine with a key": '[engines.espeak]\nkey = "canary"',
    "engine with a model": '[engines.espeak]\nmodel = "/tmp/model.bin"',
    "engine of its own": '[engines.studio]\nuse = "edge"\n[personas.x]\nstudio = "anna"',
    "engines as a list": 'engines = ["edge"]',
    "chain": 'chain = ["edge", "espeak"]',
    "endpoint": 'endpoint = "http://127.0.0.1:1"',
    "credentials": 'api_key = "canary"\ntoken = "canary"',
    "model source": 'model_dir = "/tmp"\nmodels = "http://127.0.0.1:1"',
    "extensions": 'extensions = ["spy"]',
    "extension tables": "[extensions.spy]\non = true",
    "another file": 'include = "other.toml"\nconfig = "other.toml"',
    "strict": "strict = true",
    "offline": "offline = false",
    "policy": "[policy]\ntotal_seconds = 0",
}
"""What only the user may say."""

UNFIT = {
    "voice of a cloud engine": 'voice = "edge:anna"',
    "voice of no engine": 'voice = "nobody:anna"',
    "voice that nobody has": 'voice = "nobody"',
    "voice that the engine does not have": 'voice = "espeak:nobody"',
    "voice that only the cloud has": 'voice = "clara"',
    "voice that is incomplete": 'voice = ":"',
    "voice that is a number": "voice = 1",
    "voice that is blank": 'voice = " "',
    "voice that writes to the terminal": 'voice = "\\u001b[2J"',
    "persona without such a voice": 'voice = "x"\n[personas.x]\nespeak = "nobody"',
    "persona with a wrong speed": 'voice = "x"\n[personas.x]\nespeak = "anna"\nspeed = 99',
    "persona that nobody can speak": 'voice = "x"\n[personas.x]\nlanguage = "tlh"',
    "persona with a colon": '[personas."a:b"]\nespeak = "anna"',
    "persona that writes to the terminal": '[personas."\\u001b[2J"]\nespeak = "anna"',
    "persona that is no table": "[personas]\nx = 1",
    "personas that are no tables": "personas = 1",
    "language that nobody speaks": 'language = "tlh"',
    "language that is none": 'language = "../../etc"',
    "speed that is out of range": "speed = 99",
    "speed that is no number": "speed = nan",
    "speed that is true": "speed = true",
    "key that writes to the terminal": '"\\u001b]0;x\\u0007" = 1',
    "very many keys": "".join(f"key{number} = 1\n" for number in range(2000)),
    "output that is absolute": 'output = "/etc/passwd.wav"',
    "output above": 'output = "../x.wav"',
    "output above, in the middle": 'output = "a/../../x.wav"',
    "output on a drive": "output = 'C:\\x.wav'",
    "output on a drive's own folder": "output = 'C:x.wav'",
    "output on another machine": "output = '\\\\host\\share\\x.wav'",
    "output above, in the other spelling": "output = '..\\x.wav'",
    "output in a hidden folder": 'output = ".git/refs/heads/x.wav"',
    "output in a folder that is not there": 'output = "nowhere/x.wav"',
    "output through a link": 'output = "outside/x.wav"',
    "output that is a link": 'output = "link.wav"',
    "output that is no audio": 'output = "Makefile"',
    "output to standard output": 'output = "-"',
    "output with a zero": 'output = "a\\u0000.wav"',
    "output with a long name": f'output = "{"x" * 400}.wav"',
    "output that is a number": "output = 1",
    "TOML that is none": "voice = ",
    "TOML nested deeply": "x = [\n" + "[\n" * 5000,
    "number without end": "x = " + "9" * 490,
    "text that is very long": f"x = '''{'y' * 400}\n'''",
    "line that is very long": "a" + ".a" * 20_000 + " = 1",
    "file that is too large": "# x\n" * (LARGEST // 4 + 1),
}
"""What means nothing, or would be harmful."""

HOSTILE = {**FORBIDDEN, **UNFIT}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that somebody cloned, with links that lead out of it."""
    folder = tmp_path / "cloned"
    folder.mkdir()
    (folder / ".git" / "refs" / "heads").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (folder / "outside").symlink_to(tmp_path / "elsewhere")
    (folder / "link.wav").symlink_to(tmp_path / "elsewhere" / "x.wav")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def espeak(install: InstallEngine) -> ScriptedEngine:
    """The only engine of the default chain."""
    return install("espeak", languages=("en", "de"), voices=VOICES)


@pytest.fixture
def edge(install: InstallEngine) -> ScriptedEngine:
    """A cloud engine that nobody named, and that nothing was asked of yet."""
    engine = install("edge", kind="cloud", voices=(*VOICES, Voice("clara", ("en",))))
    engine.calls.clear()  # it was described when it was registered
    return engine


VOICES = (Voice("first", ("en",)), Voice("anna", ("en",)), Voice("bernd", ("de",)))


def run(*arguments: str) -> object:
    """Run the command line in this process; its exit code."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return caught.value.code


def files(folder: Path) -> list[str]:
    """Everything in and below a folder and the one beside it."""
    return sorted(str(path.relative_to(folder.parent)) for path in folder.parent.rglob("*.wav"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_guarantee_8_folder_changes_nothing_that_it_may_not(
    text: str,
    folder: Path,
    espeak: ScriptedEngine,
    edge: ScriptedEngine,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """On the command line: the same engine, voice, language, speed and file, and a notice."""
    (folder / "utterly.toml").write_text(text, encoding="utf-8")

    code = run("say", "One.")

    request = espeak.requests[0]
    assert (0, [], 1) == (code, edge.calls, len(espeak.requests))
    assert ("first", "en", 1.0) == (request.voice, request.language, request.speed)
    assert ["cloned/link.wav", "cloned/speech.wav"] == files(folder)
    output = capfd.readouterr()
    assert "speech.wav\n" == output.out
    assert "utterly.toml is ignored: " in output.err
    assert "canary" not in output.err
    assert output.err.replace("\n", "").isprintable()


@pytest.mark.usefixtures("espeak")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_guarantee_8_folder_is_as_harmless_to_programs(
    text: str, folder: Path, edge: ScriptedEngine
) -> None:
    """`Speaker` sees the file too, and tells what it ignores but for `output`."""
    (folder / "utterly.toml").write_text(text, encoding="utf-8")
    events: list[object] = []

    with Speaker(on_event=events.append) as speaker:
        speech = speaker.say("One.")

    segment = speech.segments[0]
    assert ("complete", "espeak", "first", []) == (
        speech.status,
        segment.engine,
        segment.voice,
        edge.calls,
    )
    ignored = [event for event in events if isinstance(event, PreferenceIgnored)]
    assert ignored or text.startswith("output")


def test_guarantee_8_persona_of_a_folder_joins_no_engine(
    folder: Path, espeak: ScriptedEngine, edge: ScriptedEngine
) -> None:
    """It counts for the engines that the chain has anyway."""
    (folder / "utterly.toml").write_text(
        'voice = "x"\n[personas.x]\nedge = "anna"\nespeak = "anna"', encoding="utf-8"
    )

    with Speaker() as speaker:
        speaker.say("One.")

    assert ("anna", []) == (espeak.requests[0].voice, edge.calls)


def test_guarantee_8_persona_of_the_user_is_not_replaced(
    folder: Path, espeak: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody lends a voice to a name that is taken."""
    (folder / "utterly.toml").write_text('[personas.x]\nespeak = "bernd"', encoding="utf-8")
    (tmp_path / "config.toml").write_text('[personas.x]\nespeak = "anna"', encoding="utf-8")
    monkeypatch.setenv("UTTERLY_CONFIG", str(tmp_path / "config.toml"))

    with Speaker(voice="x") as speaker:
        speaker.say("One.")

    assert "anna" == espeak.requests[0].voice


def test_guarantee_8_persona_of_a_folder_takes_no_id_of_a_voice(
    folder: Path, espeak: ScriptedEngine
) -> None:
    """Who asks for the voice `anna` gets it."""
    (folder / "utterly.toml").write_text('[personas.anna]\nespeak = "bernd"', encoding="utf-8")

    with Speaker(voice="anna") as speaker:
        speaker.say("One.")

    assert "anna" == espeak.requests[0].voice


def test_speed_of_a_folder_silences_no_engine_without_speeds(
    folder: Path, install: InstallEngine
) -> None:
    """It may set the speed; who has none speaks as fast as ever."""
    engine = install("espeak", features=())
    (folder / "utterly.toml").write_text("speed = 1.5", encoding="utf-8")

    with Speaker() as speaker:
        speech = speaker.say("One.")

    assert ("complete", 1.0) == (speech.status, engine.requests[0].speed)
    assert ("espeak has no speed; it was left out",) == speech.segments[0].warnings


def test_output_of_a_folder_overwrites_nothing(folder: Path, espeak: ScriptedEngine) -> None:
    """A file that is there stays as it is."""
    (folder / "song.wav").write_text("precious", encoding="utf-8")
    (folder / "utterly.toml").write_text('output = "song.wav"', encoding="utf-8")

    code = run("say", "One.")

    assert (0, "precious") == (code, (folder / "song.wav").read_text("utf-8"))
    assert (folder / "song-2.wav").exists()
    assert espeak.requests


def test_engine_of_a_folder_is_not_there(
    folder: Path, espeak: ScriptedEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """`utterly engines` does not list it, and nobody speaks under its name."""
    (folder / "utterly.toml").write_text('[engines.studio]\nuse = "espeak"', encoding="utf-8")

    run("engines")

    assert "studio" not in capsys.readouterr().out
    assert 2 == run("say", "One.", "--engines", "studio")
    assert [] == espeak.requests


def make_folder(path: Path) -> None:
    """A folder in place of the file."""
    path.mkdir()


def make_link(path: Path) -> None:
    """A link, which could tell what another file says."""
    (path.parent / "real.toml").write_text('voice = "anna"', encoding="utf-8")
    path.symlink_to("real.toml")


def make_pipe(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def make_noise(path: Path) -> None:
    """Bytes that are no text."""
    path.write_bytes(bytes(range(256)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no name in folders here")
@pytest.mark.parametrize("make", [make_folder, make_link, make_pipe, make_noise])
def test_what_is_no_plain_file_is_ignored_at_once(
    make: Callable[[Path], None], folder: Path
) -> None:
    """In a process apart, since waiting for a pipe would keep this one for ever."""
    make(folder / "utterly.toml")
    program = "from utterly.folder_file import *; print(read_folder_file().ignored)"

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert answer.stdout.count("PreferenceIgnored") == 1
    assert "key='everything'" in answer.stdout


def test_folders_above_are_not_looked_into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in `/tmp` concerns nobody below it."""
    (folder / "utterly.toml").write_text('voice = "anna"', encoding="utf-8")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")

    assert None is read_folder_file().preferences.voice
