"""Reading the blocks of a Markdown page, and running them as a reader would."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from utterly.testing import write_distribution

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?P<ticks>`{3,})(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\s*$")


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    page: Path
    line: int
    language: str
    title: str
    text: str

    @property
    def id(self) -> str:
        """`file:line`, as an editor takes it."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def read_blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page, in order."""
    opened: tuple[re.Match[str], int] | None = None
    lines: list[str] = []
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        if opened is None:
            if match := _FENCE.match(line):
                opened, lines = (match, number), []
        elif line.strip() == opened[0]["ticks"]:
            match, first = opened
            text = "\n".join(lines) + "\n"
            yield Block(page, first, match["language"], match["title"] or "", text)
            opened = None
        else:
            lines.append(line)


class Reader:
    """Somebody who follows a page in a folder of their own.

    Args:
        folder: Where they work; files that the page shows are written there.
        earlier: The blocks that they have come past.
    """

    def __init__(self, folder: Path, earlier: list[Block]) -> None:
        self.folder = folder
        for block in earlier:
            if block.title:
                self.write(block)
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(folder),
            "PYTHONUTF8": "1",
            "UTTERLY_CONFIG": str(folder / "config.toml"),
        }

    def write(self, block: Block) -> None:
        """Save a block that has a file name; what a `pyproject.toml` announces is installed."""
        path = self.folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")
        if path.name == "pyproject.toml":
            self._install(tomllib.loads(block.text))

    def _install(self, settings: dict[str, dict[str, dict[str, dict[str, str]]]]) -> None:
        """Have the entry points found, as `pip install -e .` would; that needs the network."""
        project = settings["project"]
        ((group, entries),) = project["entry-points"].items()
        ((name, target),) = entries.items()
        module = target.partition(":")[0]
        write_distribution(
            self.folder,
            str(project["name"]),
            source=(self.folder / f"{module}.py").read_text("utf-8"),
            group=group,
            entry=f"{name} = {target}",
            module=module,
        )

    def run_python(self, text: str) -> str:
        """Run a script; what it prints, on both streams."""
        script = self.folder / "example.py"
        script.write_text(text, "utf-8")
        return self._run([sys.executable, script.name], {}, 0)

    def run_command(self, line: str) -> str:
        """Run one line of a shell; `# exits with N` at its end says what to expect."""
        command, _, comment = line.partition("  # exits with ")
        words = shlex.split(command)
        variables = {}
        while "=" in words[0]:
            name, _, variables[name] = words.pop(0).partition("=")
        programs = {"utterly": [sys.executable, "-m", "utterly"], "python": [sys.executable]}
        return self._run([*programs[words[0]], *words[1:]], variables, int(comment or 0))

    def _run(self, arguments: list[str], variables: dict[str, str], code: int) -> str:
        completed = subprocess.run(  # noqa: S603  # commands of our own documentation
            arguments,
            cwd=self.folder,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if completed.returncode != code:
            pytest.fail(
                f"{arguments[1:]} exits with {completed.returncode}, not {code}:\n"
                f"{completed.stdout}",
                pytrace=False,
            )
        return completed.stdout
