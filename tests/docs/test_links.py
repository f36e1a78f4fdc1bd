"""Links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/README.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files_and_headings(page: Path) -> None:
    """Every link within the project names a file, and a heading of it where it names one."""
    broken = [link for link in _links(page) if not _leads_somewhere(page, link)]

    assert [] == broken


def test_every_page_is_linked() -> None:
    """A page that no other leads to would never be read."""
    linked = {
        (page.parent / link.partition("#")[0]).resolve() for page in PAGES for link in _links(page)
    }
    own = [page for page in PAGES if "docs" in page.parts]

    assert [] == [page for page in own if page not in linked]


def _links(page: Path) -> list[str]:
    text = _CODE.sub("", page.read_text("utf-8"))
    return [link for link in _LINK.findall(text) if not link.startswith(("http", "mailto"))]


def _leads_somewhere(page: Path, link: str) -> bool:
    name, _, heading = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return False
    return not heading or heading in _anchors(target)


def _anchors(page: Path) -> set[str]:
    """Headings as the links to them are spelled."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }
