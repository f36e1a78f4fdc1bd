"""The files that the page is made of: plain HTML, CSS and JavaScript modules."""

from __future__ import annotations

from pathlib import Path

PAGE_FOLDER = Path(__file__).parent / "page"
