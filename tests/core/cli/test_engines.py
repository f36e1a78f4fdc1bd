"""Tests of `utterly engines`: what is installed, and every setting with its source."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from utterly import Secret
from utterly.cli import main
from utterly.testing import ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]


@dataclass(frozen=True)
class Settings:
    """Settings of every form."""

    rate: int = 1
    key: Secret | None = None
    folder: Path | None = None
    names: tuple[str, ...] = ()
    mode: Literal["fast", "good"] = "fast"


@pytest.fixture(autouse=True)
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file, which makes a second engine."""
    path = tmp_path / "config.toml"
    path.write_text('[engines.studio]\nuse = "first"\nmode = "good"\n', encoding="utf-8")
    monkeypatch.setenv("UTTERLY_CONFIG", str(path))
    return path


def run(*arguments: str) -> int:
    """Run the command line in this process."""
    with pytest.raises(SystemExit) as caught:
        main(("engines", *arguments))
    assert isinstance(caught.value.code, int)
    return caught.value.code


def settings_of(name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the document says of one engine's settings, by field."""
    assert 0 == run("--json")
    (report,) = [r for r in json.loads(capsys.readouterr().out) if r["name"] == name]
    return {setting.pop("name"): setting for setting in report["settings"]}


def test_every_setting_is_told_with_value_source_and_form(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Enough to see what holds, why, and what else would be accepted."""
    install("first", settings=Settings)
    monkeypatch.setenv("UTTERLY_FIRST_RATE", "7")
    monkeypatch.setenv("UTTERLY_FIRST_NAMES", "a,b")
    monkeypatch.setenv("UTTERLY_FIRST_FOLDER", "/models")

    assert settings_of("first", capsys) == {
        "rate": {"value": 7, "source": "UTTERLY_FIRST_RATE", "takes": "a whole number"},
        "key": {"value": None, "source": "default", "takes": "a secret, not blank or nothing"},
        "folder": {
            "value": str(Path("/models")),
            "source": "UTTERLY_FIRST_FOLDER",
            "takes": "a path or nothing",
        },
        "names": {
            "value": ["a", "b"],
            "source": "UTTERLY_FIRST_NAMES",
            "takes": "values separated by commas",
        },
        "mode": {"value": "fast", "source": "default", "takes": "one of fast, good"},
        "isolation": {"value": "none", "source": "default", "takes": "one of none, process"},
        "memory_limit": {
            "value": None,
            "source": "default",
            "takes": "a whole number or nothing",
        },
        "cores": {"value": None, "source": "default", "takes": "a whole number or nothing"},
    }


def test_configured_name_has_settings_of_its_own(
    install: InstallEngine,
    user_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """From its own table and its own variables."""
    install("first", settings=Settings)
    monkeypatch.setenv("UTTERLY_FIRST_RATE", "7")
    monkeypatch.setenv("UTTERLY_STUDIO_RATE", "8")

    settings = settings_of("studio", capsys)

    assert (8, "UTTERLY_STUDIO_RATE") == (settings["rate"]["value"], settings["rate"]["source"])
    assert ("good", str(user_file)) == (settings["mode"]["value"], settings["mode"]["source"])


@pytest.mark.parametrize("arguments", [(), ("--json",), ("-v",)], ids=str)
def test_guarantee_8_key_is_not_shown(
    install: InstallEngine,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """That there is one, and where it comes from, is."""
    install("first", settings=Settings)
    monkeypatch.setenv("UTTERLY_FIRST_KEY", "canary")

    run(*arguments)

    output = capsys.readouterr()
    assert "canary" not in output.out + output.err
    assert not arguments or "***" in output.out


def test_wrong_setting_is_told_with_its_mend(
    install: InstallEngine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine cannot speak until it is corrected; one by another name can."""
    install("first", settings=Settings)
    monkeypatch.setenv("UTTERLY_FIRST_MODE", "best")

    run()

    lines = capsys.readouterr().out.splitlines()
    (first,) = [line for line in lines if line.startswith("first ")]
    (studio,) = [line for line in lines if line.startswith("studio ")]
    assert "failed" in first
    assert "'best' (from UTTERLY_FIRST_MODE) does not fit: it takes one of fast, good" in first
    assert "ready     uses first" in studio


def test_one_line_for_each_unless_more_is_wanted(
    install: InstallEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-v` adds the settings, indented."""
    install("first", settings=Settings)

    run()
    plain = capsys.readouterr().out.splitlines()
    run("-v")
    verbose = capsys.readouterr().out.splitlines()

    assert plain == [line for line in verbose if not line.startswith("    ")]
    assert "    rate = 1 (from default); it takes a whole number" in verbose
