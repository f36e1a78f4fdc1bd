"""Without any one of its guards, Utterly fails a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from plugins.edge.tests.guards import GUARDS as EDGE
from plugins.gemini.tests.guards import GUARDS as GEMINI
from tests.faults.guards import GUARDS as CORE
from tests.faults.guards import Guard

TABLES = {"utterly": CORE, "utterly_edge": EDGE, "utterly_gemini": GEMINI}
"""The guards by the package that they stand in."""

# What goes on without its guard, such as a thread that nobody stops, must not hold up the end.
RUN_TESTS = "import os, sys, pytest; status = pytest.main(sys.argv[1:]); os._exit(status)"

OPTIONS = [
    *("-q", "-x", "--timeout=20"),
    *("-p", "no:cacheprovider", "-p", "no:randomly"),
    "--hypothesis-seed=0",  # what is found by chance is no test of a guard
]

Outcome = subprocess.CompletedProcess[str]

each_guard = pytest.mark.parametrize(
    "guard",
    [guard for guards in TABLES.values() for guard in guards],
    ids=lambda guard: guard.protects,
)


def installed(package: str) -> Path:
    """The folder of a package."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def run_with_copy(folder: Path, repository: Path, *guards: Guard, seconds: float = 100) -> Outcome:
    """Run the tests of some guards with the copy of a package that lies in a folder."""
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    found = str(folder / "hypothesis")
    return subprocess.run(
        [sys.executable, "-c", RUN_TESTS, *OPTIONS, *dict.fromkeys(g.node for g in guards)],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": path, "HYPOTHESIS_STORAGE_DIRECTORY": found},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def run_without(guard: Guard, folder: Path, repository: Path) -> Outcome:
    """Run a guard's test with a copy of its package that lacks it."""
    copy = folder / guard.package
    shutil.copytree(installed(guard.package), copy)
    module = copy / guard.module
    source = module.read_text("utf-8")
    module.write_text(source.replace(guard.code, guard.without), "utf-8")
    return run_with_copy(folder, repository, guard)


@each_guard
def test_guard_stands_where_it_is_said_to(guard: Guard) -> None:
    """The list is changed together with the code."""
    assert 1 == (installed(guard.package) / guard.module).read_text("utf-8").count(guard.code)


@each_guard
def test_test_of_a_guard_is_there(repository: Path, guard: Guard) -> None:
    """A test that is renamed is renamed in the list."""
    name = guard.caught_by.partition("[")[0]

    assert f"def {name}(" in (repository / guard.tests).read_text("utf-8")


@pytest.mark.slow
@each_guard
def test_removing_a_guard_fails_its_test(tmp_path: Path, repository: Path, guard: Guard) -> None:
    """Nothing else does what the guard does, and one test would miss it."""
    outcome = run_without(guard, tmp_path, repository)

    assert pytest.ExitCode.TESTS_FAILED == outcome.returncode, outcome.stdout + outcome.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("package", TABLES)
def test_with_every_guard_in_place_their_tests_pass(
    tmp_path: Path, repository: Path, package: str
) -> None:
    """It is the missing guard that fails them, not the copy."""
    shutil.copytree(installed(package), tmp_path / package)

    outcome = run_with_copy(tmp_path, repository, *TABLES[package], seconds=300)

    assert pytest.ExitCode.OK == outcome.returncode, outcome.stdout + outcome.stderr
