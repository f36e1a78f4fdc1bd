"""Reading the blocks of a Markdown page, and running them as a reader would."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
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
            version=str(project["version"]),
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
        if words[0] not in ("utterly", "python"):
            pytest.fail(f"{line!r} is not run: add it to a list in test_examples", pytrace=False)
        programs = {"utterly": [sys.executable, "-m", "utterly"], "python": [sys.executable]}
        return self._run([*programs[words[0]], *words[1:]], variables, int(comment or 0))

    def _run(self, arguments: list[str], variables: dict[str, str], code: int) -> str:
        completed = subprocess.run(  # commands of our own documentation
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


PAGES = sorted(
    page
    for pattern in ("*.md", "docs/*.md", "docs/how-to/*.md", "plugins/*/README.md")
    for page in ROOT.glob(pattern)
)
BLOCKS = {block.id: block for page in PAGES for block in read_blocks(page)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for `LANGUAGE_block` every block in that language, `file:line`."""
    for fixture in metafunc.fixturenames:
        language, _, noun = fixture.rpartition("_")
        if noun == "block" and language:
            found = {name: block for name, block in BLOCKS.items() if block.language == language}
            metafunc.parametrize(fixture, list(found.values()), ids=list(found))


@pytest.fixture
def blocks() -> list[Block]:
    """Every block of every page that is written by hand."""
    return list(BLOCKS.values())


@pytest.fixture
def follow(tmp_path: Path) -> Callable[[Block], Reader]:
    """Somebody who has read a page up to a block."""

    def arrive(block: Block) -> Reader:
        page = [other for other in BLOCKS.values() if other.page == block.page]
        return Reader(tmp_path, page[: page.index(block)])

    return arrive


@pytest.fixture
def output_after(blocks: list[Block]) -> Callable[[Block], str | None]:
    """What a page says that a block prints: the `text` block after it, if that is the next."""

    def find(block: Block) -> str | None:
        following = blocks[blocks.index(block) + 1 :][:1]
        expected = [other for other in following if other.page == block.page]
        return expected[0].text if expected and _is_output(expected[0], block) else None

    return find


def _is_output(block: Block, before: Block) -> bool:
    """Whether a block stands right below another and shows what it prints."""
    gap = block.line - before.line - len(before.text.splitlines()) - 2
    return block.language == "text" and not block.title and gap <= 1
