"""The contract: healthy engines pass it, a broken one fails the check that is for its fault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from utterly.testing import EngineContract

CHECKS = sorted(name for name in dir(EngineContract) if name.startswith("test_"))
HEALTHY = ("async", "blocking", "module")


@dataclass
class Outcome:
    """What the contract found in one engine: names of checks, and what it said of the failed."""

    passed: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """All engines of `broken_engines.py` held against the contract, in one run of pytest."""
    report = tmp_path_factory.mktemp("contract") / "report.xml"
    engines = Path(__file__).with_name("broken_engines.py")
    unneeded = ["--noconftest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    options = [*unneeded, "-q", "--tb=short", f"--junitxml={report}"]
    subprocess.run(  # our own file, run by this interpreter
        [sys.executable, "-m", "pytest", str(engines), *options],
        check=False,
        capture_output=True,
        timeout=110,
    )
    found: dict[str, Outcome] = defaultdict(Outcome)
    for engine, check, message in read_report(report):
        if message is None:
            found[engine].passed.add(check)
        else:
            found[engine].failed[check] = message
    return found


def read_report(report: Path) -> Iterator[tuple[str, str, str | None]]:
    """Engine, check and message of every test that passed (without a message) or failed."""
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  # written by ourselves
        engine = case.attrib["classname"].rpartition(".Test_")[2]
        check = case.attrib["name"].partition("[")[0]
        failure = next((child for child in case if child.tag in ("failure", "error")), None)
        if failure is not None:
            yield engine, check, failure.attrib["message"]
        elif case.find("skipped") is None:
            yield engine, check, None


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_engine_passes(outcomes: dict[str, Outcome], name: str) -> None:
    """An engine that keeps the contract fails no check."""
    outcome = outcomes[name]

    assert {} == outcome.failed
    assert len(outcome.passed) >= len(CHECKS) - 6


@pytest.mark.parametrize("check", CHECKS)
def test_broken_engine_fails_exactly_its_check(outcomes: dict[str, Outcome], check: str) -> None:
    """Each check finds the engine that was broken for it, and no other check does."""
    assert {check} == set(outcomes[check].failed)


def test_every_engine_is_for_a_check(outcomes: dict[str, Outcome]) -> None:
    """The engines that were run are the ones that the other tests ask for."""
    assert {*CHECKS, *HEALTHY} == set(outcomes)


@pytest.mark.parametrize(
    ("check", "advice"),
    [
        ("test_is_accepted", "did you mean ensure_model()?"),
        ("test_voice_ids_are_unique", "give each voice an id of its own"),
        ("test_import_is_light", "brings in numpy: import them inside the hooks"),
        ("test_prints_nothing", "use context.logger"),
        (
            "test_keys_are_secret",
            "settings ['api_key'] print as they are: make them utterly.Secret",
        ),
    ],
)
def test_failure_reads_like_advice(outcomes: dict[str, Outcome], check: str, advice: str) -> None:
    """The first line of a failure says what to change."""
    first_line = outcomes[check].failed[check].splitlines()[0]

    assert advice in first_line


def test_contract_says_how_to_get_pytest() -> None:
    """Without pytest the rest of the kit works, and the contract names the mend."""
    program = (
        "import sys; sys.modules['pytest'] = None\n"
        "import utterly.testing\n"
        "try: utterly.testing.EngineContract\n"
        "except ImportError as error: print(error)\n"
    )
    result = subprocess.run(  # our own source, run by this interpreter
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )

    assert 'EngineContract needs pytest: pip install "utterly[test]"' == result.stdout.strip()


def test_kit_is_light() -> None:
    """Importing the kit imports neither numpy nor asyncio nor pytest."""
    program = (
        "import sys, utterly.testing\n"
        "print(sorted({'numpy', 'asyncio', 'pytest', 'concurrent.futures'} & set(sys.modules)))\n"
    )
    result = subprocess.run(  # our own source, run by this interpreter
        [sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8"
    )

    assert "[]" == result.stdout.strip()
