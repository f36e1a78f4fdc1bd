"""`python -m utterly`."""

from __future__ import annotations

from utterly.cli.program import run

run()
