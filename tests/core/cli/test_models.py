"""Tests of `utterly models`: what is there, and having it come and go."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from utterly import Audio, Context, EngineInfo, EngineUnavailableError, ModelDownloadError, hookimpl
from utterly.testing import Fault, ScriptedEngine, register_engine, write_distribution

InstallEngine = Callable[..., ScriptedEngine]
Run = Callable[..., int]

HANGING_ENGINE = """
from threading import Event
from utterly import EngineInfo, hookimpl

utterly_api = 1

@hookimpl
def describe():
    return EngineInfo("Hanging", "local", ("en",), 24_000)

@hookimpl
def ensure_model(context):
    context.progress(1, 2, "model")
    Event().wait()

@hookimpl
def synthesize():
    return iter(())
"""


@dataclass(frozen=True)
class SizeSettings:
    """Which of two models."""

    size: str = "small"


class SizedEngine:
    """Has a model of each size, and keeps what it was asked for."""

    utterly_api = 1

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.refreshed: list[bool] = []
        self.warning = ""

    @hookimpl
    def describe(self) -> EngineInfo:
        """A cloud engine: it has to keep off the network all the same."""
        return EngineInfo("Sized", "cloud", ("en",), 24_000, settings=SizeSettings)

    @hookimpl
    def ensure_model(self, settings: SizeSettings, context: Context) -> None:
        """Keep what was asked for."""
        self.asked.append((settings.size, context.offline))
        self.refreshed.append(context.refresh)
        if self.warning:
            context.logger.warning(self.warning)

    @hookimpl
    def synthesize(self) -> Iterator[Audio]:
        """Say nothing."""
        return iter(())


@pytest.fixture
def sized() -> Iterator[SizedEngine]:
    """An engine without `remove_model`."""
    with register_engine(SizedEngine(), "sized") as engine:
        yield engine


@pytest.fixture
def lines(run: Run, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    """Run a command; its exit code and what it wrote, with single spaces."""

    def run_for_lines(*arguments: str) -> tuple[int, list[str]]:
        code = run(*arguments)
        return code, [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]

    return run_for_lines


Lines = Callable[..., tuple[int, list[str]]]


def test_list_tells_of_each_engine(install: InstallEngine, lines: Lines) -> None:
    """Needed or not, there or not, or what keeps it from being known."""
    install("first")
    install("second", model_present=False)
    install("third", Fault("ensure_model", error=EngineUnavailableError("no disk", mend="buy one")))

    code, listed = lines("models", "list")

    assert 0 == code
    assert "espeak none needed" in listed
    assert "first ready" in listed
    assert (
        "second missing the model is not here, and offline is set; utterly models pull second"
    ) in listed
    assert "third unavailable no disk; buy one" in listed


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("list", "utterly models pull first"),
        ("verify", "the model is not here, and offline is set; utterly models pull first"),
    ],
)
def test_size_of_what_is_missing_is_told(
    install: InstallEngine, lines: Lines, command: str, told: str
) -> None:
    """Before anybody fetches it; why it is missing is told of one engine, not in a list."""
    install("first", model_present=False, model_size=3_000_000)
    arguments = () if command == "list" else ("first",)

    listed = lines("models", command, *arguments)[1]

    assert f"first missing 3.0 MB to fetch; {told}" in listed


def test_verify_reads_what_was_verified_before(sized: SizedEngine, run: Run) -> None:
    """The list believes it."""
    run("models", "list")
    run("models", "verify", "sized")

    assert [False, True] == sized.refreshed


def test_warning_of_an_engine_is_told(
    run: Run, capsys: pytest.CaptureFixture[str], sized: SizedEngine
) -> None:
    """On standard error, so that the result stays what it is."""
    sized.warning = "it has only half a voice"
    run("models", "pull", "sized")
    output = capsys.readouterr()

    assert "utterly: it has only half a voice\n" == output.err
    assert "sized      ready\n" == output.out


def test_list_fetches_nothing(install: InstallEngine, sized: SizedEngine, run: Run) -> None:
    """Looking uses no network, not for a cloud engine either."""
    first = install("first", model_present=False)

    run("models", "list")

    assert not first.model_present
    assert [("small", True)] == sized.asked


def test_list_shows_plugins_that_cannot_be_used(
    install: InstallEngine, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Why not, and how to mend it."""
    install("first")
    monkeypatch.setenv("UTTERLY_DISABLE", "first")

    (line,) = [line for line in lines("models", "list")[1] if line.startswith("first")]

    assert line.startswith("first unavailable it is turned off by UTTERLY_DISABLE; take")


@pytest.mark.parametrize("is_async", [False, True])
def test_pull_fetches_what_is_missing(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str], *, is_async: bool
) -> None:
    """The result goes to standard output, the progress to standard error."""
    engine = install("first", model_present=False, is_async=is_async)

    code = run("models", "pull", "first")

    output = capsys.readouterr()
    assert (0, True) == (code, engine.model_present)
    assert "first      ready       1.0 MB on disk\n" == output.out
    assert "utterly: first: model, 100%, 1.0 MB of 1.0 MB\n" == output.err


def test_pull_loads_nothing(install: InstallEngine, run: Run) -> None:
    """Files are on disk, and memory is free."""
    engine = install("first", model_present=False)

    run("models", "pull", "first")

    assert ["describe", "ensure_model"] == [hook for hook, _text in engine.calls]


def test_pull_that_fails_says_why(install: InstallEngine, lines: Lines) -> None:
    """Exit 1, and no advice to do what has just failed."""
    install("first", Fault("ensure_model", error=ModelDownloadError("disk full")))

    assert (1, ["first missing disk full"]) == lines("models", "pull", "first")


def test_pull_of_what_needs_no_files_is_success(lines: Lines) -> None:
    """A script may pull every engine."""
    assert (0, ["espeak none needed"]) == lines("models", "pull", "espeak")


def test_verify_tells_what_is_wrong(install: InstallEngine, lines: Lines) -> None:
    """Exit 1, for scripts."""
    error = ModelDownloadError("weights.bin is damaged")
    install("first", Fault("ensure_model", error=error))

    told = ["first missing weights.bin is damaged; utterly models pull first"]
    assert (1, told) == lines("models", "verify", "first")


def test_verify_of_whole_files_is_success(install: InstallEngine, lines: Lines) -> None:
    """Exit 0."""
    install("first")

    assert (0, ["first ready"]) == lines("models", "verify", "first")


@pytest.mark.parametrize("is_async", [False, True])
def test_remove_tells_what_was_freed(
    install: InstallEngine, lines: Lines, *, is_async: bool
) -> None:
    """The hook `remove_model` knows."""
    engine = install("first", is_async=is_async)

    assert (0, ["first removed 1.0 MB freed"]) == lines("models", "remove", "first")
    assert not engine.model_present


def test_remove_of_what_is_gone_is_success(install: InstallEngine, lines: Lines) -> None:
    """A second time changes nothing."""
    install("first", model_present=False)

    assert (0, ["first removed"]) == lines("models", "remove", "first")


def test_remove_that_fails_says_why(install: InstallEngine, lines: Lines) -> None:
    """The files may be in use."""
    error = EngineUnavailableError("in use", mend="close the other program")
    install("first", Fault("remove_model", error=error))

    told = ["first unavailable in use; close the other program"]
    assert (1, told) == lines("models", "remove", "first")


def test_engine_that_cannot_remove_says_so(sized: SizedEngine, lines: Lines) -> None:
    """The hook is not required."""
    assert isinstance(sized, SizedEngine)
    told = ["sized unavailable the engine cannot remove its model; delete the files by hand"]

    assert (1, told) == lines("models", "remove", "sized")


def test_settings_apply(sized: SizedEngine, run: Run) -> None:
    """Another size is another model."""
    run("models", "pull", "sized", "--set", "sized.size=large")

    assert [("large", False)] == sized.asked


@pytest.mark.parametrize(
    "arguments",
    [
        ("pull", "nobody"),
        ("pull",),
        ("verify", "sized", "--set", "sized"),
        ("verify", "sized", "--set", "sized.sise=large"),
        ("nonsense", "sized"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(
    sized: SizedEngine, run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """Nothing is asked of the engine."""
    assert 2 == run("models", *arguments)
    assert ("", []) == (capsys.readouterr().out, sized.asked)


@pytest.mark.parametrize("command", ["pull", "verify", "remove"])
def test_engine_of_ours_that_is_not_installed_says_how_to_have_it(
    lines: Lines, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1 with the line to type."""
    for module in ("chain", "plugins.names"):
        monkeypatch.setattr(f"utterly.{module}.OWN_ENGINES", ("absent",))

    told = ["absent unavailable no such engine is installed; pip install utterly-absent"]
    assert (1, told) == lines("models", command, "absent")


def test_json_is_one_document(
    install: InstallEngine, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """A list for the list, and one object for one engine."""
    install("first")

    run("models", "list", "--json")
    listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    run("models", "remove", "first", "--json")
    removed = json.loads(capsys.readouterr().out)

    (first,) = [report for report in listed if report["engine"] == "first"]

    assert ("ready", "", 0) == (first["state"], first["reason"], first["bytes_to_fetch"])
    assert ("removed", 1_000_000) == (removed["state"], removed["bytes_freed"])


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
def test_interrupt_ends_a_hung_download(tmp_path: Path) -> None:
    """Ctrl-C works at once, though the engine ignores everything."""
    write_distribution(tmp_path, "utterly-hanging", source=HANGING_ENGINE)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, "-m", "utterly", "models", "pull", "hanging"],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert b"utterly: hanging: model, 50%" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)

    assert (130, b"utterly: interrupted") == (process.returncode, error.strip())
