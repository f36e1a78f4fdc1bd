"""Without any one of its guards, Utterly fails a test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.faults.guards import GUARDS, Guard

import utterly

PACKAGE = Path(utterly.__file__).parent

# What goes on without its guard, such as a thread that nobody stops, must not hold up the end.
RUN_TESTS = "import os, sys, pytest; status = pytest.main(sys.argv[1:]); os._exit(status)"

Outcome = subprocess.CompletedProcess[str]

each_guard = pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.protects)


def run_without(guard: Guard, folder: Path, repository: Path) -> Outcome:
    """Run the guard's test with a copy of core that lacks the guard."""
    shutil.copytree(PACKAGE, folder / "utterly")
    module = folder / "utterly" / guard.module
    source = module.read_text("utf-8")
    module.write_text(source.replace(guard.code, guard.without), "utf-8")
    options = ["-q", "-x", "--timeout=20", "-p", "no:cacheprovider", "-p", "no:randomly"]
    return subprocess.run(
        [sys.executable, "-c", RUN_TESTS, *options, f"{guard.tests}::{guard.caught_by}"],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path[1:]])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[Guard, Future[Outcome]]]:
    """What becomes of each guard's test without it; as many at once as there are processors."""
    wanted = [
        item.callspec.params["guard"]
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and item.originalname == test_removing_a_guard_fails_its_test.__name__
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {
            guard: pool.submit(
                run_without, guard, tmp_path_factory.mktemp("core"), request.config.rootpath
            )
            for guard in wanted
        }


@each_guard
def test_guard_stands_where_it_is_said_to(guard: Guard) -> None:
    """The list is changed together with the code."""
    assert 1 == (PACKAGE / guard.module).read_text("utf-8").count(guard.code)


@each_guard
def test_removing_a_guard_fails_its_test(
    outcomes: dict[Guard, Future[Outcome]], guard: Guard
) -> None:
    """Nothing else does what the guard does, and one test would miss it."""
    outcome = outcomes[guard].result()

    assert pytest.ExitCode.TESTS_FAILED == outcome.returncode, outcome.stdout + outcome.stderr
