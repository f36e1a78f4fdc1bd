"""Tests of `utterly doctor`: who speaks, and what the others lack."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from utterly import EngineUnavailableError
from utterly.testing import Fault, ScriptedEngine, write_distribution

InstallEngine = Callable[..., ScriptedEngine]
Run = Callable[..., int]


@pytest.fixture
def examine(run: Run, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run `utterly doctor`; its exit code and the line that begins with a name."""

    def examine_engine(name: str, *arguments: str) -> tuple[int, str]:
        code = run("doctor", *arguments)
        (line,) = [line for line in capsys.readouterr().out.splitlines() if _begins(line, name)]
        return code, " ".join(line.split())

    return examine_engine


def _begins(line: str, name: str) -> bool:
    return line.split(maxsplit=1)[:1] == [name]


Examine = Callable[..., tuple[int, str]]


def test_engine_that_speaks_is_well(install: InstallEngine, examine: Examine) -> None:
    """The line says how much audio it made, with which voice and how loud."""
    install("first", languages=("de", "en"))

    code, line = examine("first", "--engines", "first")

    assert 0 == code
    assert line.startswith("first ok spoke 0.3 s with first:first in 0.")
    assert line.endswith("dBFS")


def test_engine_that_chooses_says_how_it_works_here(
    install: InstallEngine, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After what it said."""
    from utterly.plugins import reports

    install("first")
    monkeypatch.setattr(reports, "_explain_setup", lambda *_: "with its left hand")

    _, line = examine("first", "--engines", "first")

    assert line.endswith("dBFS; with its left hand")


@pytest.mark.parametrize(
    ("recommended", "isolation", "is_advised"),
    [("process", "none", True), ("process", "process", False), ("none", "none", False)],
)
def test_engine_that_does_better_apart_is_told_so(
    examine: Examine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    recommended: str,
    isolation: str,
    is_advised: bool,
) -> None:
    """Who runs it in this process and for long is told what to set."""
    source = (
        "from dataclasses import replace\n"
        "from utterly.testing import ScriptedEngine\n"
        "engine = ScriptedEngine()\n"
        f"engine.info = replace(engine.info, recommended_isolation={recommended!r})\n"
    )
    write_distribution(
        tmp_path, "utterly-apart", source=source, entry="apart = utterly_apart:engine"
    )
    monkeypatch.syspath_prepend(tmp_path)

    code, line = examine("apart", "--engines", "apart", "--set", f"apart.isolation={isolation}")

    advice = "give it a process of its own: UTTERLY_APART_ISOLATION=process"
    assert (0, is_advised) == (code, advice in line)


def test_word_is_of_the_first_language(install: InstallEngine, run: Run) -> None:
    """An engine that has no English is greeted in its own tongue, or given digits."""
    german = install("german", languages=("de-AT", "en"))
    klingon = install("klingon", languages=("tlh",))

    run("doctor", "--engines", "german,klingon")

    assert [("Hallo.", "de-AT")] == [(r.text, r.language) for r in german.requests]
    assert ["1 2 3"] == [request.text for request in klingon.requests]


@pytest.mark.parametrize("place", ["ensure_model", "load", "before_audio"])
def test_missing_credential_is_told_with_its_mend(
    install: InstallEngine, examine: Examine, place: Any
) -> None:
    """What the engine itself says is the best advice there is, wherever it finds out."""
    error = EngineUnavailableError("no key", mend="set UTTERLY_FIRST_API_KEY")
    install("first", Fault(place, error=error))

    assert (1, "first missing no key; set UTTERLY_FIRST_API_KEY") == examine(
        "first", "--engines", "first"
    )


def test_missing_model_is_not_fetched(install: InstallEngine, examine: Examine) -> None:
    """Looking costs no download; the line says how to have one."""
    engine = install("first", model_present=False)

    code, line = examine("first", "--engines", "first")

    assert (1, False) == (code, engine.model_present)
    assert line.startswith("first missing")
    assert line.endswith("; utterly models pull first")


def test_missing_model_is_fetched_where_asked(install: InstallEngine, examine: Examine) -> None:
    """`--pull` makes the model come, and then the engine speaks."""
    engine = install("first", model_present=False)

    code, line = examine("first", "--engines", "first", "--pull")

    assert (0, True) == (code, engine.model_present)
    assert line.startswith("first ok")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("before_audio", kind="silence"), "silence from beginning to end"),
        (Fault("before_audio", kind="nothing"), "no audio at all"),
        (Fault("before_audio", kind="nan"), "samples that are not finite"),
        (Fault("load", error=MemoryError()), "out of memory"),
        (Fault("after_audio", error=ConnectionResetError()), "ConnectionResetError"),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_engine_that_does_not_speak_has_failed(
    install: InstallEngine, examine: Examine, fault: Fault, told: str
) -> None:
    """Audio counts only where it is real."""
    install("first", fault)

    code, line = examine("first", "--engines", "first")

    assert 1 == code
    assert line.startswith("first failed")
    assert told in line


def test_sick_engine_leaves_the_others_alone(install: InstallEngine, examine: Examine) -> None:
    """One that speaks is enough for exit 0, and nobody stands in for the one that fails."""
    install("first", Fault("before_audio"))
    second = install("second")

    code, line = examine("first", "--engines", "first,second")

    assert (0, 1) == (code, second.called("synthesize"))
    assert line.startswith("first failed")


def test_cloud_engine_is_not_contacted_unless_named(
    install: InstallEngine, examine: Examine
) -> None:
    """Guarantee 8, private: not even a greeting goes to the cloud unasked."""
    distant = install("distant", kind="cloud")

    _, line = examine("distant")

    assert "distant skipped it needs the network: utterly doctor --engines distant" == line
    assert {"describe"} == {hook for hook, _text in distant.calls}


def test_cloud_engine_speaks_when_named(install: InstallEngine, examine: Examine) -> None:
    """Naming it is asking for it."""
    install("distant", kind="cloud")

    code, line = examine("distant", "--engines", "distant")

    assert 0 == code
    assert line.startswith("distant ok")


def test_engine_of_ours_that_is_not_installed_is_shown(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could be had, and how."""
    monkeypatch.setattr("utterly.diagnosis.OWN_ENGINES", ("absent",))

    assert "absent missing not installed: pip install utterly-absent" == examine("absent")[1]


def test_broken_plugin_is_told_with_its_mend(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at in another process first, so that not even a crash ends the examination."""
    write_distribution(tmp_path, "utterly-crashing", source="import os; os._exit(3)")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    code, line = examine("crashing")

    assert 0 == code
    assert line.startswith("crashing failed")
    assert "UTTERLY_DISABLE=crashing" in line


def test_rival_of_an_engine_does_not_hide_it(
    run: Run,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The distribution that has the name speaks, and the other one is told of."""
    for name in ("utterly-macaw", "zoo"):
        write_distribution(
            tmp_path,
            name,
            source="from utterly.testing import ScriptedEngine\nengine = ScriptedEngine()\n",
            entry=f"macaw = {name.replace('-', '_')}:engine",
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    code = run("doctor", "--engines", "macaw", "--json")

    engines = json.loads(capsys.readouterr().out)["engines"]
    assert 0 == code
    assert [("ok", "utterly-macaw 1.0"), ("failed", "zoo 1.0")] == [
        (engine["state"], engine["distribution"]) for engine in engines
    ]


def test_engine_that_was_turned_off_says_so(
    install: InstallEngine, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not examined, and not counted as ill."""
    install("first")
    monkeypatch.setenv("UTTERLY_DISABLE", "first")

    assert examine("first")[1].startswith("first disabled it is turned off by UTTERLY_DISABLE")


def test_wrong_setting_is_told(
    install: InstallEngine, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the variable that it stands in."""
    install("first")
    monkeypatch.setenv("UTTERLY_FIRST_SPED", "2")

    assert "UTTERLY_FIRST_SPED" in examine("first", "--engines", "first")[1]


def test_settings_of_the_user_that_cannot_be_read_are_told(examine: Examine) -> None:
    """Nothing can speak then, and the line says what to correct."""
    Path(os.environ["UTTERLY_CONFIG"]).write_text("engines = [", "utf-8")

    code, line = examine("settings")

    assert 1 == code
    assert line.startswith("settings failed")
    assert "is not valid TOML" in line


def test_wrong_preference_in_the_environment_is_told(
    examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps every speaker from beginning, whatever the engines are like."""
    monkeypatch.setenv("UTTERLY_SPEED", "fast")

    code, line = examine("settings")

    assert 1 == code
    assert "it takes a number from 0.5 to 2" in line


def test_values_of_variables_are_not_shown(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guarantee 8, private: a report is pasted where everybody reads it."""
    monkeypatch.setenv("UTTERLY_PARROT_API_KEY", "sesame")

    run("doctor", "--json")

    output = capsys.readouterr()
    assert "UTTERLY_PARROT_API_KEY" in output.out
    assert "sesame" not in output.out + output.err


def test_unknown_engine_is_wrong_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip of the pen is told before anything is examined."""
    assert 2 == run("doctor", "--engines", "espaek")
    assert "did you mean 'espeak'?" in capsys.readouterr().err


def test_json_is_one_document(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has what the lines have, and more."""
    install("first")

    code = run("doctor", "--engines", "first", "--json")

    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    (engine,) = document["engines"]
    assert (0, "first", "ok", "first:first") == (
        code,
        engine["engine"],
        engine["state"],
        engine["voice"],
    )
    assert -40 < engine["peak"] <= 0
    names = ["python", "utterly", "settings", "variables", "cache", "playback"]
    assert names == [check["name"] for check in document["checks"]]
