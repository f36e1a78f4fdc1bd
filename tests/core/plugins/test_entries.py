"""Reading entry points out of what is installed."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from utterly.plugins.entries import Entries, find_entries
from utterly.plugins.origin import ENGINE, EXTENSION
from utterly.testing.distributions import write_distribution

Install = Callable[..., Path]


def keeper(found: Entries, name: str) -> str:
    """Who has the name."""
    return found.accepted[name].distribution


def test_groups_are_kept_apart(install: Install) -> None:
    """An engine and an extension may have the same name."""
    install("utterly-parrot")
    install("utterly-around", entry="parrot = utterly_around", group="utterly.extensions")

    assert keeper(find_entries(ENGINE), "parrot") == "utterly-parrot 1.0"
    assert keeper(find_entries(EXTENSION), "parrot") == "utterly-around 1.0"


@pytest.mark.parametrize(
    ("rivals", "winner"),
    [
        (("aaa", "utterly-my-bird"), "utterly-my-bird 1.0"),
        (("bbb", "aaa"), "aaa 1.0"),
        (("zzz", "Utterly_My.Bird"), "Utterly_My.Bird 1.0"),
    ],
)
def test_namesake_keeps_the_name_else_the_first(
    install: Install, rivals: tuple[str, str], winner: str
) -> None:
    """The order of installation and of folders does not matter."""
    for rival in rivals:
        install(rival, entry="my_bird = module")

    assert winner == keeper(find_entries(ENGINE), "my_bird")


def test_name_claimed_twice_by_one_distribution_is_refused_once(install: Install) -> None:
    """A distribution can be its own rival."""
    install("utterly-parrot", entry="parrot = one\nparrot = two")

    (error,) = [e for e in find_entries(ENGINE).refused if e.plugin == "parrot"]

    assert error.reason == "the name is taken by utterly-parrot 1.0"


def test_second_copy_on_the_path_is_no_rival(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Python would import is what counts, a copy further down is nothing."""
    install("utterly-parrot", version="2.0")
    further_down = tmp_path / "further_down"
    write_distribution(further_down, "utterly-parrot", source="", version="1.0")
    monkeypatch.setattr(sys, "path", [*sys.path, str(further_down)])
    found = find_entries(ENGINE)

    assert keeper(found, "parrot") == "utterly-parrot 2.0"
    assert "parrot" not in {error.plugin for error in found.refused}


def test_damaged_metadata_costs_one_distribution(
    install: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is not text is passed over, with a notice in the log."""
    folder = install("utterly-damaged")
    (folder / "entry_points.txt").write_bytes(b"[utterly.engines]\ndamaged = \xff\xfe\n")
    install("utterly-parrot")

    with caplog.at_level(logging.WARNING, logger="utterly.plugins"):
        found = find_entries(ENGINE)

    assert "parrot" in found.accepted
    assert "damaged" not in found.accepted
    assert "UnicodeDecodeError" in caplog.text


def test_missing_metadata_file_costs_the_name_only(install: Install) -> None:
    """An entry point without a named distribution can be used."""
    folder = install("utterly-parrot")
    (folder / "METADATA").unlink()

    assert keeper(find_entries(ENGINE), "parrot").startswith("unnamed")


def test_error_of_a_hostile_name_is_one_line(install: Install) -> None:
    """Nothing from metadata gets raw onto a terminal."""
    install("utterly-parrot", entry="\x1b[31mred = utterly_parrot")

    (line,) = [str(e) for e in find_entries(ENGINE).refused if "red" in e.plugin]

    assert line.isprintable()
