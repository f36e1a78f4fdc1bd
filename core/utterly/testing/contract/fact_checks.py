"""Checks of what an engine states, and of what its import brings in."""

# ruff: noqa: S101  # pytest turns these into failures with their values
from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from utterly.errors import PluginError
from utterly.plugins import Plugins
from utterly.request import FEATURES

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_HEAVY = {"asyncio", "concurrent", "multiprocessing"}
_REPORT_IMPORTS = """\
import importlib, json, sys
target, sys.path[:] = json.loads(sys.argv[1])
import pluggy, utterly
before = set(sys.modules)
importlib.import_module(target)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


class FactChecks:
    """What `describe` says, and what it costs to hear it."""

    engine: ClassVar[Any]

    def test_is_accepted(self) -> None:
        """Utterly takes the engine: its hooks, their parameters, its facts."""
        target = self.engine
        plugins = Plugins()
        try:
            if not isinstance(target, str):
                plugins.register_engine(target, "engine_under_test")
            else:
                plugins.engine(target)
        except PluginError as error:
            pytest.fail(f"Utterly refuses the engine: {error.reason}; {error.mend}", pytrace=False)

    def test_facts_are_sane(self, tested: EngineUnderTest) -> None:
        """Title, languages and features mean something to others."""
        info = tested.info
        unknown = sorted(set(info.features) - set(FEATURES))
        odd = [tag for tag in info.languages if not _LANGUAGE_TAG.fullmatch(tag)]

        assert info.title.strip(), "describe() gives no title: name the engine for people"
        assert not unknown, f"features {unknown} are not known: choose from {', '.join(FEATURES)}"
        assert not odd, f"languages {odd} are no BCP 47 tags: write them like 'en' or 'pt-BR'"
        assert len(set(info.languages)) == len(info.languages), "list each language once"

    def test_describe_repeats_itself(self, tested: EngineUnderTest) -> None:
        """Static facts are the same each time, and cost nothing."""
        began = time.monotonic()
        described = [tested.plugin.call("describe") for _ in range(100)]
        seconds = time.monotonic() - began

        assert all(info == tested.info for info in described), (
            "describe() says something else each time: its facts are static"
        )
        assert seconds < 5, (
            f"describe() takes {10 * seconds:.0f} ms: leave disk, network and imports to load()"
        )

    def test_licences_are_stated(self, tested: EngineUnderTest) -> None:
        """Users can see under which licences they run the engine."""
        info = tested.info

        assert info.licence.strip(), "state the plugin's licence, as in licence='MIT'"
        assert info.runtime_licences, (
            "state the licences of the library and the model in runtime_licences;"
            " repeat the plugin's own where nothing else runs"
        )
        assert all(licence.strip() for licence in info.runtime_licences), (
            "runtime_licences has an empty one: write SPDX expressions"
        )

    @pytest.mark.usefixtures("tested")
    def test_import_is_light(self) -> None:
        """Importing the plugin imports neither its library nor anything else of weight."""
        module = _module_name(self.engine)
        if module is None:
            pytest.skip("the engine is an object without an installed module of its own")
        brought = _imports_of(module)
        heavy = sorted({name.partition(".")[0] for name in brought if _is_heavy(name, module)})

        assert not heavy, (
            f"importing {module} brings in {', '.join(heavy)}: import them inside the hooks"
        )


def _module_name(target: Any) -> str | None:
    """The module that discovery would import."""
    if isinstance(target, ModuleType):
        return target.__name__ if inspect.getsourcefile(target) else None
    if not isinstance(target, str):
        return None
    from importlib.metadata import entry_points

    found = entry_points(group="utterly.engines", name=target)
    return next((entry.module for entry in found), None)


def _imports_of(module: str) -> list[str]:
    """What a fresh process has imported after the module that it had not before."""
    argument = json.dumps([module, sys.path])
    result = subprocess.run(  # noqa: S603  # our own source, run by this interpreter
        [sys.executable, "-c", _REPORT_IMPORTS, argument],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    if result.returncode:
        last = (result.stderr.strip().splitlines() or ["no message"])[-1]
        pytest.fail(f"importing {module} in a fresh process fails: {last}", pytrace=False)
    names: list[str] = json.loads(result.stdout.splitlines()[-1])
    return names


def _is_heavy(name: str, module: str) -> bool:
    package = name.partition(".")[0]
    own = {module.partition(".")[0], "utterly", "pluggy"}
    return package in _HEAVY or package not in own | sys.stdlib_module_names
