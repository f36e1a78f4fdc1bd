"""What is there, for engines that can speak with less than all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.download.conftest import REPOSITORY, Fetch
from tests.servers.hub import COMMIT, Hub

from utterly import Context, EngineUnavailableError
from utterly.download import find_files


def find(files: dict[str, str | None], folder: Path) -> dict[str, Path]:
    """Which of the files are there and right."""
    return find_files(REPOSITORY, COMMIT, files, folder, Context())


def test_nothing_is_there(files: dict[str, str | None], folder: Path) -> None:
    """And nothing made."""
    assert {} == find(files, folder)
    assert not folder.exists()


def test_all_are_there(hub: Hub, fetch: Fetch, files: dict[str, str | None], folder: Path) -> None:
    """Each with its place, in the order of the question; nobody is asked."""
    fetch()
    hub.requests.clear()

    assert {name: folder / name for name in files} == find(files, folder)
    assert list(files) == list(find(files, folder))
    assert {} == dict(hub.requests)


@pytest.mark.usefixtures("hub")
def test_damaged_one_is_not_among_them(
    fetch: Fetch, files: dict[str, str | None], folder: Path
) -> None:
    """What it should be was recorded, though nobody had pinned it."""
    fetch()
    (folder / "voices" / "small.pt").write_bytes(b"something else")

    assert set(files) - {"voices/small.pt"} == set(find(files, folder))


def test_what_nobody_knows_is_taken_as_it_is(folder: Path) -> None:
    """As somebody put it there by hand."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", "ascii")

    assert ["config.json"] == list(find({"config.json": None, "voice.pt": None}, folder))


def test_wrong_argument_is_refused(folder: Path) -> None:
    """As by `fetch_files`."""
    with pytest.raises(EngineUnavailableError):
        find({"../evil": None}, folder)
