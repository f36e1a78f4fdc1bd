"""Distributions written for tests are as good as installed ones."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

Install = Callable[..., Path]


def test_written_distribution_is_installed(install: Install) -> None:
    """Python finds its version, its entry point and its files."""
    install("utterly-my-parrot", "sound = 'squawk'", version="3.2")

    (entry,) = metadata.entry_points(group="utterly.engines", name="my_parrot")

    assert metadata.version("utterly-my-parrot") == "3.2"
    assert entry.load().sound == "squawk"
    assert all(Path(file.locate()).is_file() for file in metadata.files("utterly-my-parrot") or ())


def test_entry_module_and_group_can_be_chosen(install: Install) -> None:
    """Nothing is fixed but the form."""
    install("around", "thing = 1", group="some.group", entry="it = other:thing", module="other")

    (entry,) = metadata.entry_points(group="some.group")

    assert entry.load() == 1
