"""Tests of `utterly voices`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from utterly import Voice
from utterly.api import default_speaker
from utterly.cli import main
from utterly.testing import ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

VOICES = (
    Voice("bernd", ("de-DE",), "Bernd", "male"),
    Voice("anna", ("de-AT", "de"), "Anna", "female", "CC-BY-4.0"),
    Voice("carlos", ("es-419",)),
)


@pytest.fixture(autouse=True)
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file, with a persona; the speaker of the process is as new."""
    path = tmp_path / "config.toml"
    path.write_text('[personas.heidi]\nfirst = "anna"\nlanguage = "de"\n', encoding="utf-8")
    monkeypatch.setenv("UTTERLY_CONFIG", str(path))
    monkeypatch.chdir(tmp_path)
    default_speaker.cache_clear()
    return path


def run(*arguments: str) -> int:
    """Run the command line in this process."""
    with pytest.raises(SystemExit) as caught:
        main(("voices", *arguments))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_voices_stand_in_columns(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reference, star for the default, languages, gender, licence, name."""
    install("first", languages=("de", "es"), voices=VOICES)

    code = run("--engine", "first")

    expected = (
        "first:bernd      de-DE     male    -          Bernd\n"
        "first:anna    *  de-AT,de  female  CC-BY-4.0  Anna\n"
        "first:carlos  *  es-419    -       -          carlos\n"
    )
    assert (0, expected) == (code, capsys.readouterr().out)


def test_default_is_that_of_the_language_asked_for(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """The best match comes first and has the star; `de` matches every German."""
    install("first", languages=("de", "es"), voices=VOICES)

    run("--engine", "first", "--language", "de-DE")
    german = capsys.readouterr().out.splitlines()
    run("--engine", "first", "--language", "de")

    assert ["first:bernd  *", "first:anna    "] == [line[:14] for line in german]
    assert 2 == len(capsys.readouterr().out.splitlines())


def test_json_tells_all_that_is_known(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """One document, with regions and personas."""
    install("first", languages=("de", "es"), voices=VOICES)

    run("--json")

    document = json.loads(capsys.readouterr().out)
    ours = [voice for voice in document["voices"] if voice["engine"] == "first"]
    assert [["DE"], ["AT"], ["419"]] == [voice["regions"] for voice in ours]
    assert [[], ["de"], ["es"]] == [voice["default_for"] for voice in ours]
    assert "first:anna" == ours[1]["voice"]
    (persona,) = document["personas"]
    assert ("heidi", {"first": "anna"}) == (persona["name"], persona["voices"])


def test_personas_are_listed_after_the_voices(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are voices too, by a name of the user's."""
    install("first")

    run()

    assert "heidi  persona: first:anna" == capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("--language", "qqq"), "no voice speaks 'qqq'; `utterly voices` lists all of them"),
        (
            ("--engine", "first", "--language", "qqq"),
            "first has no voice for 'qqq'; `utterly voices --engine first` lists all of them",
        ),
        (("--engine", "frist"), "no such engine is installed; did you mean 'first'"),
    ],
)
def test_no_voice_exits_with_1_and_advice(
    install: InstallEngine,
    arguments: tuple[str, ...],
    advice: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing on standard output; what to do next on the other."""
    install("first")

    code = run(*arguments)

    output = capsys.readouterr()
    assert (1, "") == (code, output.out)
    assert advice in output.err
