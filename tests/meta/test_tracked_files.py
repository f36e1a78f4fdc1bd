"""What must not be in the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORBIDDEN = {
    "a path of one developer's machine": r"/work/|/home/\w|/Users/\w|[A-Z]:\\Users|/opt/\w",
    "a package registry's host": r"\bpypi\.org|pythonhosted|files\.pypi|simple/index",
    "a key": r"AIza[\w-]{20}|-----BEGIN [A-Z ]*PRIVATE KEY",
    "a mark left for later": r"\b(TODO|FIXME|XXX)\b",
    "a merge conflict": r"^(<{7}|>{7}) ",
}
THIS_FILE = Path(__file__).resolve()


def _tracked_files() -> list[Path]:
    """Text files that are tracked, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607  # git of the developer
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [path for name in names if (path := ROOT / name).is_file() and path != THIS_FILE]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text file by its path; binary ones are left out."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    found = {}
    for path in _tracked_files():
        data = path.read_bytes()
        if b"\0" not in data:
            found[path.relative_to(ROOT).as_posix()] = data.decode("utf-8")
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_repository_does_not_contain(texts: dict[str, str], what: str) -> None:
    """What belongs to one machine, or to nobody's eyes, stays out."""
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = [
        f"{name}: {match[0]}" for name, text in texts.items() if (match := pattern.search(text))
    ]

    assert [] == found


def test_text_files_are_tidy(texts: dict[str, str]) -> None:
    """Lines end in a line feed, without blanks before it, and so does each file."""
    untidy = [
        name
        for name, text in texts.items()
        if "\r" in text
        or (text and not text.endswith("\n"))
        or re.search(r"[ \t]$", text, re.MULTILINE)
    ]

    assert [] == untidy


def test_every_ignored_rule_has_its_reason(texts: dict[str, str]) -> None:
    """A reader learns from the line why it is an exception."""
    bare = re.compile(r"# (?:noqa|type: ignore)(?!\S*(?:: ?[\w, -]+|\[[\w, -]+\])  # \S).*")
    found = [
        f"{name}: {match[0]}"
        for name, text in texts.items()
        if name.endswith(".py")
        for match in bare.finditer(text)
    ]

    assert [] == found


def test_each_file_begins_with_future_annotations(texts: dict[str, str]) -> None:
    """Annotations cost nothing at run time, in any module."""
    late = [
        name
        for name, text in texts.items()
        if name.endswith(".py") and "import " in text
        if "from __future__ import annotations" not in text
    ]

    assert [] == late
