"""Every example in the documentation is run, or at least checked."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

RUN_BY_CI = (
    "pip install -r requirements-dev.txt",
    "pip install -r requirements.txt",
    "python -m pytest -n logical --dist worksteal",
    "python docs/generate.py --check",
    "python docs/draw.py --check",
    "ruff check",
    "ruff format --check",
    "mypy",
)
"""Not run here, since `.ci/run` runs them on a bare machine; here it is checked that it does."""

NOT_RUN = (
    "pip install -e .",
    'pip install "utterly[studio]"',
    "pip install utterly-edge",
    "pip install utterly-espeak",
    "pip install utterly-gemini",
    "pre-commit install",
    "python docs/generate.py",
    "python docs/draw.py",
    ".ci/run",
)
"""They need the network, or change the checkout; the files that they name are looked for."""


def test_python_example_runs(python_block: Any, follow: Any, output_after: Any) -> None:
    """A reader who copies a block of Python gets what the page says; a named one is a file."""
    reader = follow(python_block)
    if python_block.title:
        assert ast.parse(python_block.text).body
        return
    printed = reader.run_python(python_block.text)

    _assert_prints(output_after(python_block), printed)


def test_shell_example_runs(sh_block: Any, follow: Any, output_after: Any) -> None:
    """A reader who types the commands gets what the page says."""
    reader = follow(sh_block)
    commands = [line for line in _commands(sh_block) if line not in RUN_BY_CI + NOT_RUN]
    printed = [reader.run_command(command) for command in commands]

    _assert_prints(output_after(sh_block), "".join(printed))


def test_toml_example_is_valid(toml_block: Any) -> None:
    """A file that the page shows can be read."""
    assert tomllib.loads(toml_block.text)


def test_every_block_is_checked_somehow(blocks: list[Any]) -> None:
    """No block has a language that nobody looks at; `mermaid` is drawn by those who show pages."""
    known = {"python", "sh", "toml", "text", "mermaid"}

    assert [] == [block.id for block in blocks if block.language not in known]


def test_text_blocks_are_output_or_files(blocks: list[Any], output_after: Any) -> None:
    """A block of plain text is checked too: it is a file, or stands right below its command."""
    shown = {output_after(block) for block in blocks if block.language in ("sh", "python")}
    plain = [block for block in blocks if block.language == "text" and not block.title]

    assert [] == [block.id for block in plain if block.text not in shown]


@pytest.mark.parametrize("command", RUN_BY_CI)
def test_checked_command_is_run_by_ci(command: str) -> None:
    """What is not run here is run there, word for word."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    assert re.search(rf"^\s*(step .* )?{re.escape(command)}( |$)", script, re.MULTILINE)


@pytest.mark.parametrize("command", RUN_BY_CI + NOT_RUN)
def test_exception_is_still_needed(blocks: list[Any], command: str) -> None:
    """The list of what is not run holds nothing that no page shows."""
    shown = [line for block in blocks if block.language == "sh" for line in _commands(block)]

    assert command in shown


@pytest.mark.parametrize("command", RUN_BY_CI + NOT_RUN)
def test_command_names_files_that_exist(command: str) -> None:
    """A renamed file is noticed in the commands that are not run."""
    named = [word for word in command.split() if re.search(r"[./]\w", word)]

    assert [] == [word for word in named if not (ROOT / word).exists()]


def _commands(block: Any) -> list[str]:
    return [command for line in block.text.splitlines() for command in line.split(" && ")]


def _assert_prints(expected: str | None, printed: str) -> None:
    """Compare: seconds are as they fall out, `...` stands for anything, alone for any lines."""
    if expected is None:
        return
    pattern = re.escape(expected).replace(re.escape("...\n"), r"(?:.*\n)*?")
    pattern = pattern.replace(re.escape("..."), ".*")
    pattern = re.sub(r"\d+\\\.\d+\\ s", r"\\d+\\.\\d+ s", pattern)

    assert re.fullmatch(pattern, printed), f"expected\n{expected}\nprinted\n{printed}"
