"""Tests of completion: what a shell is told, and that asking imports no plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from utterly.cli import utterly as program
from utterly.cli.completion import SHELLS, EngineName
from utterly.testing import ScriptedEngine, write_distribution

InstallEngine = Callable[..., ScriptedEngine]
Run = Callable[..., int]

BASH = shutil.which("bash")


def complete(*words: str) -> list[str]:
    """What is offered after `utterly` for the last of these words."""
    shell = ShellComplete(program, {}, "utterly", "_UTTERLY_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def complete_name(incomplete: str, *, several: bool = False) -> list[str]:
    """What is offered for the name of an engine."""
    parameter = click.Argument(["engine"])
    items = EngineName(several=several).shell_complete(
        click.Context(program), parameter, incomplete
    )
    return [item.value for item in items]


@pytest.fixture(autouse=True)
def engines(install: InstallEngine) -> None:
    """Two that begin alike."""
    install("first")
    install("fifth")


@pytest.mark.parametrize(
    "words",
    [
        ("models", "pull", "fi"),
        ("models", "verify", "fi"),
        ("models", "remove", "fi"),
        ("voices", "--engine", "fi"),
        ("doctor", "--engines", "fi"),
    ],
    ids=" ".join,
)
def test_names_of_engines_are_offered(words: tuple[str, ...]) -> None:
    """Wherever one is expected."""
    assert ["fifth", "first"] == complete(*words)


def test_commands_and_options_are_offered() -> None:
    """Click knows them."""
    assert ["doctor"] == complete("do")
    assert ["--pull"] == complete("doctor", "--pu")


def test_list_goes_on_with_engines_that_are_not_in_it() -> None:
    """Each is offered with what stands before it, since a shell replaces the whole word."""
    assert ["first,fifth"] == complete_name("first,fi", several=True)


def test_names_that_the_user_made_are_offered() -> None:
    """They can be asked for as well."""
    Path(os.environ["UTTERLY_CONFIG"]).write_text('[engines.studio]\nuse = "first"\n', "utf-8")

    assert ["studio"] == complete_name("st")


def test_unreadable_settings_are_no_obstacle() -> None:
    """Who is in the middle of a word is not told about a file."""
    Path(os.environ["UTTERLY_CONFIG"]).write_text("engines = [", "utf-8")

    assert ["fifth"] == complete_name("fif")


def test_no_plugin_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names come from metadata alone: a plugin that cannot be imported is offered too."""
    write_distribution(tmp_path, "utterly-broken", source="raise SystemExit(1)")
    monkeypatch.syspath_prepend(str(tmp_path))

    assert ["broken"] == complete_name("bro")


@pytest.mark.parametrize("shell", SHELLS)
def test_script_is_printed(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    """It asks this program through the variable that this program looks at."""
    monkeypatch.setattr(
        "click.shell_completion.BashComplete._check_version", staticmethod(lambda: None)
    )

    assert 0 == run("completion", shell)
    assert f"_UTTERLY_COMPLETE={shell}_complete" in capsys.readouterr().out


def test_unknown_shell_is_wrong_usage(run: Run) -> None:
    """The choices are in the message."""
    assert 2 == run("completion", "tcsh")


@pytest.mark.skipif(sys.platform != "linux" or not BASH, reason="needs bash 4.4 or later")
def test_bash_is_told_what_fits(tmp_path: Path) -> None:
    """A real bash, a real program, and the printed script between them."""
    (tmp_path / "utterly").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m utterly "$@"\n')
    (tmp_path / "utterly").chmod(0o755)
    script = (
        'eval "$(utterly completion bash)"; COMP_WORDS=(utterly voices --engine es); COMP_CWORD=3;'
        ' _utterly_completion utterly; echo "${COMPREPLY[@]}"'
    )

    completed = subprocess.run(
        [str(BASH), "-c", script],
        env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("espeak\n", "") == (completed.stdout, completed.stderr)
