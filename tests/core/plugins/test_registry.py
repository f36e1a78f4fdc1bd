"""Asking for plugins: by metadata first, one import at a time."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from utterly import EngineInfo, PluginError, hookimpl
from utterly.plugins import Plugins, installed_plugins

Install = Callable[..., Path]
Gate = Any

EXTENSION = "from utterly import hookimpl\nutterly_api = 1\n@hookimpl\ndef on_event(event): pass\n"


class Parrot:
    """A healthy engine, as an object."""

    utterly_api = 1

    @hookimpl
    def describe(self) -> EngineInfo:
        """State the facts."""
        return EngineInfo("Parrot", "local", ("en",), 24_000)

    @hookimpl
    def synthesize(self, request: object) -> list[object]:
        """Speak nothing."""
        del request
        return []


class Observer:
    """A healthy extension, as an object."""

    utterly_api = 1

    @hookimpl
    def on_event(self, event: object) -> None:
        """Look away."""


def test_engine_names_import_nothing(install: Install, plugins: Plugins) -> None:
    """Names come from metadata; a plugin that would end the process does no harm."""
    install("utterly-parrot")
    install("utterly-crashing", "import os; os._exit(1)")

    found = plugins.engine_names()

    assert {"crashing", "parrot"} <= set(found)
    assert sorted(found) == list(found)
    assert "utterly_parrot" not in sys.modules


def test_engine_imports_only_the_one_asked_for(install: Install, plugins: Plugins) -> None:
    """The others stay where they are."""
    install("utterly-parrot")
    install("utterly-robin")

    plugins.engine("parrot")

    assert "utterly_parrot" in sys.modules
    assert "utterly_robin" not in sys.modules


def test_engine_knows_its_name_distribution_and_facts(install: Install, plugins: Plugins) -> None:
    """What the plugin is and who brought it is at hand."""
    install("utterly-parrot", version="2.1")

    engine = plugins.engine("parrot")

    assert ("parrot", "utterly-parrot 2.1") == (engine.name, engine.distribution)
    assert engine.info.title == "Healthy"


def test_success_is_kept(install: Install, plugins: Plugins) -> None:
    """A plugin is read once."""
    install("utterly-parrot")

    assert plugins.engine("parrot") is plugins.engine("parrot")


def test_failure_is_kept(install: Install, plugins: Plugins, gate: Gate) -> None:
    """A broken plugin is imported once, and each time refused with a new error."""
    install(
        "utterly-broken", "import gate\ngate.imports = vars(gate).get('imports', 0) + 1\n0 / 0\n"
    )
    errors = []
    for _ in range(2):
        with pytest.raises(PluginError, match="ZeroDivisionError") as caught:
            plugins.engine("broken")
        errors.append(caught.value)

    assert gate.imports == 1
    assert errors[0] is not errors[1]
    assert isinstance(errors[1].__cause__, ZeroDivisionError)


def test_threads_that_ask_at_once_import_once(
    install: Install, plugins: Plugins, gate: Gate, healthy_source: str
) -> None:
    """All threads get the same plugin, however many ask before it is there."""
    install("utterly-parrot", f"import gate\ngate.opened.wait()\n{healthy_source}")
    got: list[object] = []
    asking = threading.Barrier(9)

    def ask() -> None:
        asking.wait()
        got.append(plugins.engine("parrot"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    asking.wait()
    gate.opened.set()
    for thread in threads:
        thread.join()

    assert len(got) == 8
    assert len(set(map(id, got))) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_child_after_fork_reads_anew_what_was_not_done(
    install: Install, plugins: Plugins, gate: Gate, healthy_source: str
) -> None:
    """A thread does not survive a fork, so the child does not wait for it."""
    source = "import gate\n" + healthy_source.replace(
        "def describe():", "def describe():\n    gate.begun.set(); gate.opened.wait()"
    )
    install("utterly-parrot", source)
    asking = threading.Thread(target=plugins.engine, args=("parrot",))
    asking.start()
    gate.begun.wait()

    child = os.fork()
    if child == 0:
        gate.opened.set()
        os._exit(0 if plugins.engine("parrot").info.title == "Healthy" else 1)
    _, status = os.waitpid(child, 0)
    gate.opened.set()
    asking.join()

    assert os.waitstatus_to_exitcode(status) == 0


def test_slow_plugin_becomes_usable(install: Install, gate: Gate, healthy_source: str) -> None:
    """A plugin that took too long is there once it is done, without a second import."""
    install("utterly-slow", f"import gate\ngate.opened.wait()\n{healthy_source}")
    plugins = Plugins(import_seconds=0.01)
    with pytest.raises(PluginError, match="took longer"):
        plugins.engine("slow")
    gate.opened.set()
    (importing,) = [t for t in threading.enumerate() if t.name == "utterly-import-slow"]
    importing.join()

    assert plugins.engine("slow").name == "slow"


@pytest.mark.parametrize(
    ("asked", "mend"),
    [
        ("kokoro", "pip install utterly-kokoro"),
        ("kokorro", "did you mean 'kokoro'? pip install utterly-kokoro"),
        ("parot", "did you mean 'parrot'?"),
        ("xyzzy", "install the distribution that brings it, or use parrot"),
    ],
)
def test_unknown_engine_comes_with_a_way_on(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch, asked: str, mend: str
) -> None:
    """A near name, the distribution to install, or what there is."""
    monkeypatch.delenv("UTTERLY_DISABLE")
    monkeypatch.setattr(type(plugins.engines), "names", lambda _: ("parrot",))
    monkeypatch.setattr(
        "utterly.plugins.registry.find_entries", lambda _: SimpleNamespace(accepted={}, refused=())
    )

    with pytest.raises(PluginError, match="no such engine is installed") as caught:
        plugins.engine(asked)

    assert mend == caught.value.mend


def test_unknown_extension_comes_with_a_way_on(install: Install, plugins: Plugins) -> None:
    """Extensions are looked for among extensions."""
    install("utterly-telemetry", EXTENSION, group="utterly.extensions")

    with pytest.raises(PluginError) as caught:
        plugins.extension("telemetri")

    assert str(caught.value) == (
        "plugin 'telemetri': no such extension is installed; did you mean 'telemetry'?"
    )


def test_disabled_engine_is_neither_named_nor_given(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`UTTERLY_DISABLE` turns plugins off, and the error says how to turn them on."""
    install("utterly-parrot")
    monkeypatch.setenv("UTTERLY_DISABLE", " other , Parrot,")

    assert "parrot" not in plugins.engine_names()
    with pytest.raises(PluginError, match="turned off by UTTERLY_DISABLE; take 'parrot' out of"):
        plugins.engine("parrot")


def test_disabled_extension_is_neither_named_nor_given(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Extensions are turned off by the same variable."""
    install("utterly-telemetry", EXTENSION, group="utterly.extensions")
    monkeypatch.setenv("UTTERLY_DISABLE", "telemetry")

    assert "telemetry" not in plugins.extension_names()
    with pytest.raises(PluginError, match="turned off"):
        plugins.extension("telemetry")


def test_plugin_is_back_when_it_is_turned_on(
    install: Install, plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is read each time."""
    install("utterly-parrot")
    monkeypatch.setenv("UTTERLY_DISABLE", "parrot")
    monkeypatch.delenv("UTTERLY_DISABLE")

    assert plugins.engine("parrot").name == "parrot"


def test_engine_installed_meanwhile_is_found(install: Install, plugins: Plugins) -> None:
    """A notebook that installs an engine need not be started again."""
    with pytest.raises(PluginError, match="no such engine"):
        plugins.engine("parrot")
    install("utterly-parrot")

    assert plugins.engine("parrot").name == "parrot"


def test_registered_engine_is_named_and_given(plugins: Plugins) -> None:
    """Code can bring an engine without any distribution."""
    plugins.register_engine(Parrot(), "polly")

    assert "polly" in plugins.engine_names()
    assert ("polly", "") == (plugins.engine("polly").name, plugins.engine("polly").distribution)


def test_registered_extension_is_named_and_given(plugins: Plugins) -> None:
    """The same for extensions."""
    plugins.register_extension(Observer(), "watcher")

    assert "watcher" in plugins.extension_names()
    assert plugins.extension("watcher").has("on_event")


def test_registered_engine_passes_the_same_checks(plugins: Plugins) -> None:
    """A class in place of an instance is refused here too, and leaves nothing behind."""
    with pytest.raises(PluginError, match="names the class Parrot"):
        plugins.register_engine(Parrot, "polly")

    assert "polly" not in plugins.engine_names()


@pytest.mark.parametrize("name", ["all", "none", "default", "utterly", "a:b", "A", "", "a-b", "1a"])
def test_engine_cannot_be_registered_under_a_forbidden_name(plugins: Plugins, name: str) -> None:
    """Reserved words, and what would break voices and variables."""
    with pytest.raises(PluginError, match="its name is"):
        plugins.register_engine(Parrot(), name)


def test_name_cannot_be_registered_twice(plugins: Plugins) -> None:
    """The first keeps the name."""
    first, second = Parrot(), Parrot()
    plugins.register_engine(first, "polly")
    before = plugins.engine("polly")

    with pytest.raises(PluginError, match="registered already; unregister_engine it first"):
        plugins.register_engine(second, "polly")

    assert plugins.engine("polly") is before


def test_unregistered_engine_is_gone(plugins: Plugins) -> None:
    """What was registered can be taken back, any number of times."""
    plugins.register_engine(Parrot(), "polly")
    plugins.unregister_engine("polly")
    plugins.unregister_engine("polly")

    assert "polly" not in plugins.engine_names()


def test_unregistered_extension_is_gone(plugins: Plugins) -> None:
    """The same for extensions."""
    plugins.register_extension(Observer(), "watcher")
    plugins.unregister_extension("watcher")

    assert "watcher" not in plugins.extension_names()


def test_registered_engine_stands_before_an_installed_one(
    install: Install, plugins: Plugins
) -> None:
    """Code that runs now is nearer than what is installed."""
    install("utterly-parrot")
    plugins.register_engine(Parrot(), "parrot")
    in_front = plugins.engine("parrot").info.title
    plugins.unregister_engine("parrot")

    assert ("Parrot", "Healthy") == (in_front, plugins.engine("parrot").info.title)


def test_one_object_for_the_process() -> None:
    """Everybody shares what was imported and registered."""
    assert installed_plugins() is installed_plugins()
