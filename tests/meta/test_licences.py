"""The framework is MIT, and stays so: nothing that it requires is an engine or under the GPL."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
GPL = re.compile(r"\b(?<!lesser )(A?GPL|(affero )?general public licen[cs]e)", re.IGNORECASE)


def _requirements(name: str) -> Iterator[str]:
    """What installing a distribution brings, without any extra."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield canonicalize_name(requirement.name)


def _closure(name: str) -> set[str]:
    """All that it brings, at any depth."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = set(_requirements(waiting.pop())) - found
        found |= new
        waiting += new
    return found


def _licence(name: str) -> str:
    """What a distribution says of its licence."""
    metadata = distribution(name).metadata
    fields = ("License-Expression", "License", "Classifier")
    lines = [line for field in fields for line in metadata.get_all(field, [])]
    return "; ".join(line for line in lines if "::" not in line or line.startswith("License"))


REQUIRED = sorted(_closure("utterly"))


@pytest.mark.parametrize("name", REQUIRED)
def test_requirement_states_its_licence(name: str) -> None:
    """What says nothing of its licence cannot be shipped with."""
    assert _licence(name)


@pytest.mark.parametrize("name", REQUIRED)
def test_requirement_is_not_under_the_gpl(name: str) -> None:
    """Who uses the framework alone is bound by nothing but MIT-like terms."""
    assert not GPL.search(_licence(name))


def test_framework_requires_no_engine() -> None:
    """Engines depend on the framework, never the other way round."""
    plugins = {
        canonicalize_name(tomllib.loads(path.read_text("utf-8"))["project"]["name"])
        for path in ROOT.glob("plugins/*/pyproject.toml")
    }

    assert plugins
    assert set() == plugins & set(REQUIRED)
    assert [] == [name for name in REQUIRED if name.startswith("utterly-")]


@pytest.mark.parametrize(
    ("licence", "is_gpl"),
    [
        ("GPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-only", True),
        ("GNU Affero General Public License v3", True),
        ("MIT AND GPL-2.0-only", True),
        ("LGPL-2.1-or-later", False),
        ("GNU Lesser General Public License v2", False),
        ("BSD-3-Clause", False),
    ],
)
def test_gpl_is_recognised(licence: str, *, is_gpl: bool) -> None:
    """The Lesser GPL is another licence: a library under it may be used by anybody."""
    assert is_gpl == bool(GPL.search(licence))
