"""The list of plugins, which no plugin can disturb."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from utterly.plugins import Plugins, listing
from utterly.plugins.listing import list_plugins
from utterly.plugins.reports import PluginReport
from utterly.plugins.settings_report import SettingReport

Install = Callable[..., Path]


WITH_SETTINGS = """
from dataclasses import dataclass
from utterly import EngineInfo, hookimpl
utterly_api = 1
@dataclass(frozen=True)
class Settings:
    variant: str = ""
    punctuation: bool = False
@hookimpl
def describe():
    return EngineInfo("Pärröt", "cloud", ("en", "fr"), 16_000, ("speed",), settings=Settings)
@hookimpl
def synthesize(): yield
"""


def report_on(name: str, plugins: Plugins, *, seconds: float = 20.0) -> PluginReport:
    """The one report with that name."""
    (report,) = [r for r in list_plugins(plugins, seconds=seconds) if r.name == name]
    return report


def test_ready_engine_is_listed_with_its_facts(install: Install, plugins: Plugins) -> None:
    """Facts cross the process, the settings class as its values."""
    install("utterly-parrot", WITH_SETTINGS)

    report = report_on("parrot", plugins)

    assert report.state == "ready"
    assert [
        SettingReport("variant", "", "default", "text"),
        SettingReport("punctuation", False, "default", "true or false"),
    ] == list(report.settings[:2])
    assert ["isolation", "memory_limit", "cores"] == [s.name for s in report.settings[2:]]
    assert report.info is not None
    assert (report.info.title, report.info.languages) == ("Pärröt", ("en", "fr"))
    assert report.info.settings is None


def test_settings_are_filled_in_the_child(
    install: Install, plugins: Plugins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment and the user's file, also for a name that the file makes."""
    install("utterly-parrot", WITH_SETTINGS)
    path = tmp_path / "config.toml"
    path.write_text('[engines.studio]\nuse = "parrot"\nvariant = "m3"\n', encoding="utf-8")
    monkeypatch.setenv("UTTERLY_CONFIG", str(path))
    monkeypatch.setenv("UTTERLY_PARROT_VARIANT", "f3")

    parrot, studio = report_on("parrot", plugins), report_on("studio", plugins)

    assert SettingReport("variant", "f3", "UTTERLY_PARROT_VARIANT", "text") == parrot.settings[0]
    assert SettingReport("variant", "m3", str(path), "text") == studio.settings[0]
    assert ("parrot", "utterly_parrot" in sys.modules) == (studio.use, False)


def test_wrong_setting_is_a_failure_of_that_name(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin is fine, but nobody can speak with it like this."""
    install("utterly-parrot", WITH_SETTINGS)
    monkeypatch.setenv("UTTERLY_PARROT_PUNCTUATION", "perhaps")

    report = report_on("parrot", plugins)

    assert ("failed", "correct it: UTTERLY_PARROT_PUNCTUATION") == (report.state, report.mend)
    assert "it takes true or false" in report.reason


EXPLAINED = """
from utterly import EngineInfo, EngineUnavailableError, hookimpl
utterly_api = 1
@hookimpl
def describe():
    return EngineInfo("Parrot", "local", ("en",), 16_000)
@hookimpl
def explain_setup(engine, context):
    {body}
@hookimpl
def synthesize(): yield
"""


@pytest.mark.parametrize(
    ("body", "setup"),
    [
        ("return f'{engine} sings\\n(offline: {context.offline})'", "parrot sings (offline: True)"),
        ("raise EngineUnavailableError('no seeds', mend='feed it')", "no seeds; feed it"),
        ("raise SystemExit(1)", ""),
        ("return None", ""),
    ],
)
def test_engine_explains_its_setup(
    install: Install, plugins: Plugins, body: str, setup: str
) -> None:
    """In one line; a fault in that keeps nobody from speaking with it."""
    install("utterly-parrot", EXPLAINED.replace("{body}", body))
    report = report_on("parrot", plugins)

    assert ("ready", setup) == (report.state, report.setup)


def test_listing_imports_nothing_here(install: Install, plugins: Plugins) -> None:
    """Plugins are imported in the child alone."""
    install("utterly-parrot")

    list_plugins(plugins)

    assert "utterly_parrot" not in sys.modules


@pytest.mark.parametrize(
    ("crash", "words"),
    [
        ("import os; os._exit(0)", "exit code 0"),
        ("import os; os._exit(7)", "exit code 7"),
        pytest.param(
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "signal SIGKILL (Killed)",
            marks=pytest.mark.skipif(
                not hasattr(signal, "SIGKILL"), reason="processes end without signals here"
            ),
        ),
    ],
)
def test_crash_is_the_failure_of_one_plugin(
    install: Install, plugins: Plugins, crash: str, words: str
) -> None:
    """The plugin that the child died of is named; those before and after it are ready."""
    install("utterly-aaa")
    install("utterly-crashing", crash)
    install("utterly-zzz")

    reports = {report.name: report for report in list_plugins(plugins)}

    assert reports["crashing"].reason == f"importing it ended the process with {words}"
    assert reports["crashing"].mend == (
        "pip install --upgrade utterly-crashing, or turn it off with UTTERLY_DISABLE=crashing"
    )
    assert (reports["aaa"].state, reports["zzz"].state) == ("ready", "ready")


def test_two_crashes_cost_two_plugins(install: Install, plugins: Plugins) -> None:
    """Each child goes on where the one before it died."""
    install("utterly-bad1", "import os; os._exit(1)")
    install("utterly-bad2", "import os; os._exit(2)")
    install("utterly-good")

    reports = {report.name: report.state for report in list_plugins(plugins)}

    assert ("failed", "failed", "ready") == (reports["bad1"], reports["bad2"], reports["good"])


def test_hang_that_lets_nothing_else_run_is_ended(install: Install, plugins: Plugins) -> None:
    """An import that never lets go of the interpreter is ended from outside."""
    install("utterly-hanging", "import re\nre.match(r'(a+)+$', 'a' * 99 + 'b')\n")
    install("utterly-zzz")

    reports = {report.name: report for report in list_plugins(plugins, seconds=3)}

    assert reports["hanging"].reason == "importing it took longer than 3 s"
    assert reports["zzz"].state == "ready"


def test_stray_output_goes_nowhere(
    install: Install, plugins: Plugins, healthy_source: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """What a plugin prints disturbs neither the results nor the terminal."""
    noise = (
        "import os, sys\n"
        "print('{}'); print('[]', file=sys.stderr); os.write(1, b'x\\n'); os.write(2, b'y\\n')\n"
        "os.system('echo z')\n"
    )
    install("utterly-noisy", noise + healthy_source)

    report = report_on("noisy", plugins)

    assert report.state == "ready"
    assert tuple(capfd.readouterr()) == ("", "")


def test_plugin_that_reads_input_gets_none(install: Install, plugins: Plugins) -> None:
    """Nothing waits for a keyboard."""
    install("utterly-asking", "input()")

    assert "EOFError" in report_on("asking", plugins).reason


def test_disabled_plugin_is_listed_and_not_imported(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turning a plugin off keeps even a crash away."""
    install("utterly-crashing", "import os; os._exit(1)")
    monkeypatch.setenv("UTTERLY_DISABLE", "crashing")

    report = report_on("crashing", plugins)

    assert report.state == "disabled"
    assert report.distribution == "utterly-crashing 1.0"
    assert report.mend == "take 'crashing' out of that environment variable to turn it on"


def test_registered_engine_is_listed_in_place_of_the_installed_one(
    install: Install, plugins: Plugins
) -> None:
    """One line for one name that can be asked for."""
    install("utterly-parrot")
    plugins.register_engine(__import__("utterly_parrot"), "parrot")

    assert report_on("parrot", plugins).distribution == ""


def test_extensions_are_listed_after_engines(install: Install, plugins: Plugins) -> None:
    """Both groups are in one list, told apart by `group`."""
    hook = "from utterly import hookimpl\nutterly_api = 1\n@hookimpl\ndef on_event(event): pass\n"
    install("utterly-aaa", hook, group="utterly.extensions")
    install("utterly-zzz")

    listed = [
        (report.group, report.name, report.state)
        for report in list_plugins(plugins)
        if report.name in ("aaa", "zzz")
    ]

    assert [("engine", "zzz", "ready"), ("extension", "aaa", "ready")] == listed


def test_nothing_installed_starts_no_process(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty list costs nothing."""
    monkeypatch.setattr(listing, "_entries_to_examine", lambda _: [])
    monkeypatch.setattr(subprocess, "Popen", None)

    assert not [report for report in list_plugins(plugins) if report.state == "ready"]


def test_frozen_program_examines_here(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program without an interpreter of its own must not start itself."""
    install("utterly-parrot")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(subprocess, "Popen", None)

    assert report_on("parrot", plugins).state == "ready"


def test_report_survives_json(install: Install, plugins: Plugins) -> None:
    """`to_dict` is ready for JSON and loses nothing."""
    install("utterly-parrot")
    report = report_on("parrot", plugins)

    assert report == PluginReport.from_dict(json.loads(json.dumps(report.to_dict())))
