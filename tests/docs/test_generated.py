"""What the documentation takes from the code is what the code says today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import utterly

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("script", ["generate.py", "draw.py"])
def test_generated_files_are_current(script: str) -> None:
    """The reference follows the docstrings, and the picture what the command prints."""
    completed = subprocess.run(  # our own script
        [sys.executable, ROOT / "docs" / script, "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (0, "") == (completed.returncode, completed.stderr)


def test_every_public_name_is_in_the_reference() -> None:
    """A reader finds each name under a heading of its own."""
    pages = "\n".join(page.read_text("utf-8") for page in REFERENCE.glob("*.md"))
    headings = set(re.findall(r"^#+ `(\w+)`$", pages, re.MULTILINE))

    assert set() == set(utterly.__all__) - headings - {"__version__"}


def test_every_page_of_the_reference_is_generated() -> None:
    """A page that is left over from a renamed module is deleted."""
    made = {
        page for page in REFERENCE.glob("*.md") if "docs/generate.py" in page.read_text("utf-8")
    }

    assert made == set(REFERENCE.glob("*"))
