"""Each guard, the broken plugin it is there for, and what happens without it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from utterly import PluginError
from utterly.plugins import Plugins, checks, entries, explanations, info_checks, names
from utterly.plugins.listing import list_plugins
from utterly.plugins.loading import Loading

Install = Callable[..., Path]
Gate = Any

HEADER = "from utterly import Audio, EngineInfo, hookimpl\nutterly_api = 1\n"
DESCRIBE = "@hookimpl\ndef describe(): return EngineInfo('Broken', 'local', ('en',), 24_000)\n"
SYNTHESIZE = "@hookimpl\ndef synthesize(request): yield Audio([0.0], 24_000)\n"
WHOLE = HEADER + DESCRIBE + SYNTHESIZE


@dataclass(frozen=True)
class Broken:
    """A broken plugin, what is said of it, and the guard that says so."""

    id: str
    source: str
    reason: str
    mend: str
    guards: ModuleType
    guard: str
    table: str = "PLUGIN_CHECKS"
    name: str = "broken"
    target: str = "utterly_broken"
    group: str = field(default="utterly.engines", kw_only=True)

    def install(self, install: Install) -> None:
        """Put the plugin beside whatever is there."""
        entry = f"{self.name} = {self.target}"
        install("utterly-broken", self.source, entry=entry, group=self.group)

    def remove_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the guard out of its table."""
        rest = [guard for guard in getattr(self.guards, self.table) if guard.__name__ != self.guard]
        monkeypatch.setattr(self.guards, self.table, tuple(rest))

    def ask(self) -> str:
        """What is said of the plugin, `"accepted"` where it is taken."""
        plugins = Plugins()
        get = plugins.engine if self.group == "utterly.engines" else plugins.extension
        try:
            get(self.name)
        except PluginError as error:
            return error.reason
        except BaseException as error:  # noqa: BLE001  # a guard is away, anything may come
            return f"unguarded {error!r}"
        return "accepted"


BROKEN = [
    Broken(
        "class instead of instance",
        HEADER
        + "class Engine:\n"
        + "  utterly_api = 1\n"
        + "  @hookimpl\n"
        + "  def describe(self): return EngineInfo('Broken', 'local', ('en',), 24_000)\n"
        + "  @hookimpl\n  def synthesize(self, request): yield Audio([0.0], 24_000)\n",
        "its entry point names the class Engine, not an instance",
        "make one in the module, such as plugin = Engine(), and name that",
        checks,
        "check_not_a_class",
        target="utterly_broken:Engine",
    ),
    Broken(
        "no utterly_api",
        WHOLE.replace("utterly_api = 1", ""),
        "it does not say which contract it was written for",
        "write utterly_api = 1 into the plugin",
        checks,
        "check_api_declared",
    ),
    Broken(
        "newer utterly_api",
        WHOLE.replace("utterly_api = 1", "utterly_api = 2"),
        "it was written for utterly_api = 2, and this is 1",
        "pip install --upgrade utterly",
        checks,
        "check_api_known",
    ),
    Broken(
        "older utterly_api",
        WHOLE.replace("utterly_api = 1", "utterly_api = 0"),
        "it was written for utterly_api = 0, and this is 1",
        "install a newer version of the plugin",
        checks,
        "check_api_known",
    ),
    Broken(
        "utterly_api as text",
        WHOLE.replace("utterly_api = 1", "utterly_api = '1'"),
        "it was written for utterly_api = '1', and this is 1",
        "install a newer version of the plugin",
        checks,
        "check_api_known",
    ),
    Broken(
        "hook without hookimpl",
        HEADER + DESCRIBE + SYNTHESIZE.replace("@hookimpl\n", ""),
        "synthesize() is not marked as a hook",
        "write @hookimpl above it",
        checks,
        "check_hooks_marked",
    ),
    Broken(
        "marked object that is no function",
        WHOLE + "class Load:\n  def __call__(self): return 1\nload = hookimpl(Load())\n",
        "load is marked as a hook and is not a function",
        "write @hookimpl above a plain def, outermost",
        checks,
        "check_marked_are_functions",
    ),
    Broken(
        "pluggy wrapper",
        WHOLE + "@hookimpl(wrapper=True)\ndef load():\n  return (yield)\n",
        "load() is a pluggy wrapper, and those are not taken",
        "write an extension with around_synthesize, in the group utterly.extensions",
        checks,
        "check_no_wrappers",
    ),
    Broken(
        "old pluggy wrapper",
        WHOLE + "@hookimpl(hookwrapper=True)\ndef load():\n  yield\n",
        "load() is a pluggy wrapper, and those are not taken",
        "write an extension with around_synthesize, in the group utterly.extensions",
        checks,
        "check_no_wrappers",
    ),
    Broken(
        "misspelt hook",
        WHOLE + "@hookimpl\ndef ensure_modle(): pass\n",
        "there is no engine hook ensure_modle()",
        "did you mean ensure_model()?",
        checks,
        "check_hooks_known",
    ),
    Broken(
        "hook of no kind",
        WHOLE + "@hookimpl\ndef zzz(): pass\n",
        "there is no engine hook zzz()",
        "take @hookimpl off it",
        checks,
        "check_hooks_known",
    ),
    Broken(
        "extension hook in an engine",
        WHOLE + "@hookimpl\ndef on_event(event): pass\n",
        "there is no engine hook on_event()",
        "it is an extension hook: move it to a plugin in the group utterly.extensions",
        checks,
        "check_hooks_known",
    ),
    Broken(
        "engine hook in an extension",
        HEADER + "@hookimpl\ndef on_event(event): pass\n" + SYNTHESIZE,
        "there is no extension hook synthesize()",
        "it is an engine hook: move it to a plugin in the group utterly.engines",
        checks,
        "check_hooks_known",
        group="utterly.extensions",
    ),
    Broken(
        "missing hook",
        HEADER + DESCRIBE,
        "it has no synthesize()",
        "write it, with @hookimpl above it",
        checks,
        "check_required_hooks",
    ),
    Broken(
        "extension without hooks",
        HEADER,
        "it has no hooks",
        "write around_synthesize or on_event",
        checks,
        "check_required_hooks",
        group="utterly.extensions",
    ),
    Broken(
        "parameter with a default",
        WHOLE.replace("(request)", "(request, model=None)"),
        "synthesize() has a default for 'model'",
        "name plain parameters only, without defaults",
        checks,
        "check_parameter_kinds",
    ),
    Broken(
        "keyword-only parameter",
        WHOLE.replace("(request)", "(*, request)"),
        "synthesize() has the keyword-only parameter 'request'",
        "name plain parameters only, without defaults",
        checks,
        "check_parameter_kinds",
    ),
    Broken(
        "catch-all parameter",
        WHOLE.replace("(request)", "(request, **rest)"),
        "synthesize() has the catch-all parameter 'rest'",
        "name plain parameters only, without defaults",
        checks,
        "check_parameter_kinds",
    ),
    Broken(
        "wrong parameter",
        WHOLE.replace("(request)", "(request, modle)"),
        "synthesize() asks for 'modle', which it cannot have",
        "did you mean 'model'?",
        checks,
        "check_parameter_names",
    ),
    Broken(
        "parameter of a hook that has none",
        WHOLE.replace("describe()", "describe(settings)"),
        "describe() asks for 'settings', which it cannot have",
        "it takes no parameters",
        checks,
        "check_parameter_names",
    ),
    Broken(
        "async extension hook",
        HEADER + "@hookimpl\nasync def on_event(event): pass\n",
        "on_event() is async",
        "write it with a plain def",
        checks,
        "check_not_async",
        group="utterly.extensions",
    ),
    Broken(
        "async extension generator",
        HEADER + "@hookimpl\nasync def around_synthesize(request, speak): yield 1\n",
        "around_synthesize() is async",
        "write it with a plain def",
        checks,
        "check_not_async",
        group="utterly.extensions",
    ),
    Broken(
        "describe returns something else",
        HEADER + "@hookimpl\ndef describe(): return {'title': 'Broken'}\n" + SYNTHESIZE,
        "describe() returned dict, not EngineInfo",
        "return utterly.EngineInfo",
        info_checks,
        "check_is_engine_info",
        "INFO_CHECKS",
    ),
    Broken(
        "fact of a wrong type",
        WHOLE.replace("('en',)", "('en', 3)"),
        "describe() gives languages as ('en', 3)",
        "make it a tuple of texts",
        info_checks,
        "check_fact_types",
        "INFO_CHECKS",
    ),
    Broken(
        "settings without defaults",
        WHOLE.replace("24_000)", "24_000, settings=Settings)", 1)
        + "from dataclasses import dataclass\n"
        + "@dataclass(frozen=True)\nclass Settings:\n  key: str\n",
        "describe() names settings that are not a frozen dataclass with a default for each field",
        "write @dataclass(frozen=True) above the class, and a default for each field",
        info_checks,
        "check_settings_class",
        "INFO_CHECKS",
    ),
    Broken(
        "setting by a name of ours",
        WHOLE.replace("24_000)", "24_000, settings=Settings)", 1)
        + "from dataclasses import dataclass\n"
        + "@dataclass(frozen=True)\nclass Settings:\n  cores: int = 1\n",
        "describe() names a setting 'cores', which every engine has already",
        "call it something else",
        info_checks,
        "check_setting_names",
        "INFO_CHECKS",
    ),
    Broken(
        "import error",
        "raise RuntimeError('no luck\\nat all')",
        "importing it raised RuntimeError: no luck",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_any_error",
        "EXPLANATIONS",
    ),
    Broken(
        "missing attribute",
        WHOLE,
        "importing it raised AttributeError: module 'utterly_broken' has no attribute 'engine'",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_any_error",
        "EXPLANATIONS",
        target="utterly_broken:engine",
    ),
    Broken(
        "describe raises",
        HEADER + "@hookimpl\ndef describe(): raise OSError('no disk')\n" + SYNTHESIZE,
        "describe() raised OSError: no disk",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_any_error",
        "EXPLANATIONS",
    ),
    Broken(
        "object that raises when looked at",
        "class Engine:\n"
        "  def __getattr__(self, name): raise RuntimeError(name)\n"
        "engine = Engine()\n",
        "looking at it raised RuntimeError: utterly_api",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_any_error",
        "EXPLANATIONS",
        target="utterly_broken:engine",
    ),
    Broken(
        "exception without a message",
        "class Worse(Exception):\n  def __str__(self): raise RuntimeError\nraise Worse\n",
        "importing it raised Worse: no message",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_any_error",
        "EXPLANATIONS",
    ),
    Broken(
        "SystemExit",
        "raise SystemExit(4)",
        "importing it tried to end the program with SystemExit",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_exit",
        "EXPLANATIONS",
    ),
    Broken(
        "KeyboardInterrupt",
        "raise KeyboardInterrupt",
        "importing it tried to end the program with KeyboardInterrupt",
        "pip install --upgrade utterly-broken, or turn it off with UTTERLY_DISABLE=broken",
        explanations,
        "explain_exit",
        "EXPLANATIONS",
    ),
    Broken(
        "missing module",
        "import no_such_parrot",
        "importing it needs the module 'no_such_parrot', which is not installed",
        "pip install --force-reinstall utterly-broken",
        explanations,
        "explain_missing_module",
        "EXPLANATIONS",
    ),
    Broken(
        "outdated utterly",
        "from utterly import not_yet_written",
        "importing it needs what this version of utterly does not have: cannot import name",
        "pip install --upgrade utterly",
        explanations,
        "explain_outdated_utterly",
        "EXPLANATIONS",
    ),
    Broken(
        "name of a wrong form",
        WHOLE,
        "its name is not a small letter followed by small letters, digits and underscores",
        "rename its entry point",
        names,
        "check_name_form",
        "NAME_CHECKS",
        name="bro-ken",
    ),
    Broken(
        "reserved name",
        WHOLE,
        "its name is reserved",
        "rename its entry point",
        names,
        "check_name_not_reserved",
        "NAME_CHECKS",
        name="all",
    ),
]

TABLES = [
    (checks, "PLUGIN_CHECKS"),
    (info_checks, "INFO_CHECKS"),
    (explanations, "EXPLANATIONS"),
    (names, "NAME_CHECKS"),
]

each_broken = pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.id)


@each_broken
def test_guard_refuses_its_broken_plugin(install: Install, broken: Broken) -> None:
    """Each broken plugin is refused with the reason that its guard gives."""
    broken.install(install)

    assert broken.ask().startswith(broken.reason)


@each_broken
def test_without_its_guard_the_broken_plugin_is_not_refused_that_way(
    install: Install, monkeypatch: pytest.MonkeyPatch, broken: Broken
) -> None:
    """No other guard would give that reason, so removing one is noticed."""
    broken.install(install)
    broken.remove_guard(monkeypatch)

    assert not broken.ask().startswith(broken.reason)


@pytest.mark.parametrize(("module", "table"), TABLES)
def test_every_guard_has_a_broken_plugin(module: ModuleType, table: str) -> None:
    """A guard without a plugin that needs it would not be missed."""
    guards = {guard.__name__ for guard in getattr(module, table)}

    assert guards == {broken.guard for broken in BROKEN if broken.table == table}


def test_all_broken_plugins_are_listed_beside_a_healthy_one(install: Install) -> None:
    """Each is one line with its distribution and its mend, and the healthy one is ready."""
    install("utterly-healthy")
    install("utterly-crashing", "import os\nos._exit(23)\n")
    expected = {
        "healthy": ("ready", "utterly-healthy 1.0", "", ""),
        "crashing": (
            "failed",
            "utterly-crashing 1.0",
            "importing it ended the process with exit code 23",
            "pip install --upgrade utterly-crashing, or turn it off with UTTERLY_DISABLE=crashing",
        ),
    }
    for number, broken in enumerate(BROKEN):
        broken_name = broken.name if broken.name != "broken" else f"broken_{number}"
        module = f"utterly_broken_{number}"
        install(
            f"utterly-broken-{number}",
            broken.source,
            entry=f"{broken_name} = {broken.target.replace('utterly_broken', module)}",
            group=broken.group,
        )
        mend = broken.mend.replace("utterly-broken", f"utterly-broken-{number}")
        mend = mend.replace("=broken", f"={broken_name}")
        reason = broken.reason.replace("utterly_broken", module)
        expected[broken_name] = ("failed", f"utterly-broken-{number} 1.0", reason, mend)

    listed = {
        report.name: (
            report.state,
            report.distribution,
            report.reason[: len(expected[report.name][2])],
            report.mend,
        )
        for report in list_plugins(Plugins())
        if report.name in expected
    }

    assert expected == listed


def test_import_that_hangs_is_left_behind(install: Install, gate: Gate) -> None:
    """A hang is a failure with a mend; once it is over, the plugin can be used."""
    install("utterly-hanging", f"import gate\ngate.opened.wait()\n{WHOLE}")
    plugins = Plugins(import_seconds=0.05)

    with pytest.raises(PluginError, match=r"importing it took longer than 0\.05 s; pip install"):
        plugins.engine("hanging")

    assert not gate.opened.is_set()


def test_without_its_limit_an_import_that_hangs_is_waited_for(
    install: Install, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit on waiting is the only thing that refuses a hanging plugin."""
    install("utterly-hanging", f"import gate\ngate.opened.wait()\n{WHOLE}")

    def wait_for_ever(loading: Loading, seconds: float | None) -> bool:
        del seconds
        gate.opened.set()
        return loading._done.wait()  # noqa: SLF001  # stands in for a method of its own

    monkeypatch.setattr(Loading, "_finished_within", wait_for_ever)

    assert Plugins(import_seconds=0.05).engine("hanging").info.title == "Broken"


def test_rival_for_a_name_is_refused(install: Install, plugins: Plugins) -> None:
    """The distribution that is called after the engine keeps the name, the other is listed."""
    install("a-rival", entry="parrot = a_rival")
    install("utterly-parrot")

    lines = [
        (report.distribution, report.state, report.reason, report.mend)
        for report in list_plugins(plugins)
        if report.name == "parrot"
    ]

    assert [
        (
            "a-rival 1.0",
            "failed",
            "the name is taken by utterly-parrot 1.0",
            "pip uninstall a-rival or utterly-parrot",
        ),
        ("utterly-parrot 1.0", "ready", "", ""),
    ] == lines


def test_without_its_guard_a_rival_takes_the_name(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else keeps a second distribution from standing in for the first."""
    install("a-rival", entry="parrot = a_rival")
    install("utterly-parrot")
    monkeypatch.setattr(entries, "find_rival", lambda *_: None)

    assert plugins.engine("parrot").distribution == "a-rival 1.0"


def test_without_a_child_process_a_crash_takes_the_program_along(
    install: Install, tmp_path: Path
) -> None:
    """Only the child process stands between a crashing import and the one who asked for a list."""
    install("utterly-crashing", "import os\nos._exit(23)\n")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from utterly.plugins import Plugins, interpreter, listing\n"
        "interpreter.can_start_python = lambda: False\n"
        "listing.list_plugins(Plugins())\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], check=False)  # our own text

    assert ended.returncode == 23
