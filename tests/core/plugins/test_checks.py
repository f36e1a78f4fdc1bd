"""What the guards let pass, so that none refuses too much."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from utterly import PluginError
from utterly.plugins import Plugins

Install = Callable[..., Path]

HEADER = "from utterly import Audio, EngineInfo, hookimpl\nutterly_api = 1\n"
FACTS = "EngineInfo('Parrot', 'local', ('en',), 24_000)"
DESCRIBE = f"@hookimpl\ndef describe(): return {FACTS}\n"
SYNTHESIZE = "@hookimpl\ndef synthesize(request): yield Audio([0.0], 24_000)\n"
WHOLE = HEADER + DESCRIBE + SYNTHESIZE

FINE = {
    "hook of a newer core": WHOLE + "@hookimpl(optionalhook=True)\ndef clone(sample): pass\n",
    "helper imported under a hook's name": WHOLE + "from json import load\n",
    "hook under another name": WHOLE
    + "def load(path): pass\n@hookimpl(specname='load')\ndef bring(): return load(1)\n",
    "no parameters at all": WHOLE.replace("(request)", "()"),
    "async everywhere it may be": HEADER
    + DESCRIBE
    + "@hookimpl\nasync def synthesize(request): yield\n"
    + "@hookimpl\nasync def load(): pass\n"
    + "@hookimpl\nasync def unload(): pass\n"
    + "@hookimpl\nasync def voices(): pass\n"
    + "@hookimpl\nasync def ensure_model(): pass\n",
    "settings with defaults": WHOLE.replace("24_000)", "24_000, settings=Settings)", 1)
    + "from dataclasses import dataclass, field\n"
    + "@dataclass(frozen=True, slots=True)\n"
    + "class Settings:\n  words: list = field(default_factory=list)\n",
    "decorated hook": HEADER
    + DESCRIBE
    + "from functools import wraps\n"
    + "def traced(function):\n"
    + "  @wraps(function)\n  def call(*args): return function(*args)\n  return call\n"
    + "@hookimpl\n@traced\ndef synthesize(request): return []\n",
}

WRONG_FACTS = {
    "title": "EngineInfo(3, 'local', ('en',), 24_000)",
    "sample_rate": "EngineInfo('P', 'local', ('en',), 24_000.5)",
    "languages": "EngineInfo('P', 'local', ['en'], 24_000)",
    "longest_segment": "EngineInfo('P', 'local', ('en',), 24_000, longest_segment=0)",
    "features": "EngineInfo('P', 'local', ('en',), 24_000, features=(1,))",
}

WRONG_SETTINGS = {
    "an instance": "Settings()",
    "no dataclass": "dict",
    "not frozen": "dataclass(type('S', (), {}))",
}


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_unusual_engine_is_accepted(install: Install, plugins: Plugins, source: str) -> None:
    """Guards refuse what cannot work, and nothing else."""
    install("utterly-parrot", source)

    assert plugins.engine("parrot").info.title == "Parrot"


@pytest.mark.parametrize("fact", WRONG_FACTS)
def test_wrong_fact_is_named(install: Install, plugins: Plugins, fact: str) -> None:
    """The line says which fact is wrong."""
    install("utterly-parrot", WHOLE.replace(FACTS, WRONG_FACTS[fact]))

    with pytest.raises(PluginError, match=f"describe.. gives {fact} as"):
        plugins.engine("parrot")


@pytest.mark.parametrize("settings", WRONG_SETTINGS.values(), ids=WRONG_SETTINGS)
def test_wrong_settings_are_refused(install: Install, plugins: Plugins, settings: str) -> None:
    """Only a frozen dataclass can be shared between threads and filled in."""
    source = (
        "from dataclasses import dataclass\n"
        "@dataclass(frozen=True)\nclass Settings: pass\n"
        + WHOLE.replace("24_000)", f"24_000, settings={settings})", 1)
    )
    install("utterly-parrot", source)

    with pytest.raises(PluginError, match="settings that are not a frozen dataclass"):
        plugins.engine("parrot")


def test_impossible_fact_is_refused_by_the_facts_themselves(
    install: Install, plugins: Plugins
) -> None:
    """What `EngineInfo` will not hold comes out as an error of `describe`."""
    install("utterly-parrot", WHOLE.replace("'local'", "'remote'"))

    with pytest.raises(PluginError, match=r"describe\(\) raised ValueError: kind must be"):
        plugins.engine("parrot")


def test_generator_in_place_of_facts_is_refused(install: Install, plugins: Plugins) -> None:
    """`yield` where `return` was meant."""
    install("utterly-parrot", WHOLE.replace("return", "yield"))

    with pytest.raises(PluginError, match=r"describe\(\) returned generator, not EngineInfo"):
        plugins.engine("parrot")


def test_async_describe_is_refused_without_being_called(install: Install, plugins: Plugins) -> None:
    """A coroutine that nobody awaits would leave a warning behind."""
    install("utterly-parrot", WHOLE.replace("def describe", "async def describe"))

    with pytest.raises(PluginError, match=r"describe\(\) is async; write it with a plain def"):
        plugins.engine("parrot")


def test_missing_own_module_is_named(install: Install, plugins: Plugins) -> None:
    """A half removed distribution is told to be installed again."""
    install("utterly-parrot", entry="parrot = utterly_parrot_engine")

    with pytest.raises(PluginError, match="'utterly_parrot_engine', which is not installed; pip"):
        plugins.engine("parrot")


def test_plugin_error_raised_by_a_plugin_is_an_error_like_any_other(
    install: Install, plugins: Plugins
) -> None:
    """A plugin cannot speak in the name of another."""
    install(
        "utterly-parrot", "from utterly import PluginError\nraise PluginError('x', '', 'y', 'z')"
    )

    with pytest.raises(PluginError, match="importing it raised PluginError: plugin 'x'") as caught:
        plugins.engine("parrot")

    assert caught.value.plugin == "parrot"
