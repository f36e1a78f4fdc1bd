#!/usr/bin/env python3
"""Test the plugins for clouds with the lowest and the newest release of their libraries.

    python .ci/libraries.py            all of it, in environments of their own: some minutes
    python .ci/libraries.py gemini     one plugin

Gemini's library takes another way where aiohttp is installed, so it is tested with and without it.
"""

# ruff: noqa: T201  # a program prints
from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOOLS = ("hypothesis", "pytest", "pytest-timeout")

_LOWEST = re.compile(r"(?P<name>[\w.-]+)>=(?P<release>[\w.]+)")


@dataclass(frozen=True)
class Case:
    """One environment.

    Attributes:
        plugin: Whose tests run.
        libraries: What the plugin wraps.
        is_lowest: Whether the lowest releases are taken, or else the newest.
        extra: What is installed beside it.
    """

    plugin: str
    libraries: tuple[str, ...]
    is_lowest: bool
    extra: tuple[str, ...] = ()

    def __str__(self) -> str:
        which = "lowest" if self.is_lowest else "newest"
        return " ".join([self.plugin, f"({', '.join(self.libraries)}: {which})", *self.extra])


EDGE = ("edge-tts", "aiohttp")
GEMINI = ("google-genai", "httpx2")
CASES = [
    *(Case("edge", EDGE, lowest) for lowest in (True, False)),
    *(
        Case("gemini", GEMINI, lowest, extra)
        for lowest in (True, False)
        for extra in ((), ("aiohttp",))
    ),
]


def read_lowest(dependencies: Sequence[str], libraries: Sequence[str]) -> list[str]:
    """Pin libraries to the lowest release that is allowed.

    Args:
        dependencies: Requirements, each with its `>=` first.
        libraries: Which of them.

    Raises:
        ValueError: One has no lowest release.
    """
    found = [match for match in map(_LOWEST.match, dependencies) if match]
    lowest = {match["name"]: match["release"] for match in found}
    if missing := [library for library in libraries if library not in lowest]:
        raise ValueError(f"no lowest release of {', '.join(missing)}")
    return [f"{library}=={lowest[library]}" for library in libraries]


def run_case(case: Case) -> bool:
    """Install what a case asks for, and run the plugin's tests with it."""
    print(f"\n== {case}", flush=True)
    folder = ROOT / "plugins" / case.plugin
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    pins = read_lowest(project["dependencies"], case.libraries) if case.is_lowest else []
    tests = "[test]" if "test" in project.get("optional-dependencies", {}) else ""
    with tempfile.TemporaryDirectory() as home:
        venv.create(home, with_pip=True)
        python = str(Path(home) / ("Scripts" if os.name == "nt" else "bin") / "python")
        editable = [f"-e{ROOT}", f"-e{folder}{tests}", f"-e{ROOT / 'plugins' / 'espeak'}"]
        install = [
            python,
            "-m",
            "pip",
            "install",
            "--upgrade",
            *editable,
            *TOOLS,
            *case.extra,
            *pins,
        ]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # of our own making
        for library in case.libraries:
            shown = (
                "import importlib.metadata as m, sys; print(sys.argv[1], m.version(sys.argv[1]))"
            )
            subprocess.run([python, "-c", shown, library], check=True)  # noqa: S603  # as above
        test = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
        return subprocess.run(test, cwd=ROOT, check=False).returncode == 0  # noqa: S603  # as above


def main() -> int:
    """Run every case that is asked for; the exit status is that of the worst."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plugin", nargs="?", choices=sorted({case.plugin for case in CASES}))
    wanted = parser.parse_args().plugin
    failed = [case for case in CASES if wanted in (None, case.plugin) and not run_case(case)]
    for case in failed:
        print(f"failed: {case}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
