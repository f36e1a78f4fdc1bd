"""Giving the disk space back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.download.conftest import REPOSITORY, Fetch
from tests.servers.hub import COMMIT, Content, Hub

from utterly import Context, ModelDownloadError
from utterly.download import fetch_files, remove_files


def left(folder: Path) -> list[str]:
    """Files that are left, but for the lock."""
    paths = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return sorted(path.name for path in paths if path.name != "lock")


@pytest.mark.usefixtures("hub")
def test_removed_from_a_folder(content: Content, fetch: Fetch, folder: Path) -> None:
    """Everything is freed but what somebody else put there."""
    fetch()
    (folder / "notes.txt").touch()
    freed = remove_files(REPOSITORY, COMMIT, content.files, folder, Context())

    assert sum(len(data) for data in content.files.values()) == freed
    assert ["notes.txt"] == left(folder)


@pytest.mark.usefixtures("hub")
def test_removed_from_the_cache(content: Content, cache: Path) -> None:
    """Links and blobs go."""
    fetch_files(REPOSITORY, COMMIT, dict.fromkeys(content.files), None, Context())
    freed = remove_files(REPOSITORY, COMMIT, content.files, None, Context())

    assert sum(len(data) for data in content.files.values()) == freed
    assert [] == left(cache)


@pytest.mark.usefixtures("hub", "cache")
def test_blob_of_another_revision_stays(content: Content) -> None:
    """A file that did not change between two revisions is one blob."""
    ours = fetch_files(REPOSITORY, COMMIT, {"weights.pth": None}, None, Context())
    other = ours.with_name("0" * 40) / "weights.pth"
    other.parent.mkdir()
    other.symlink_to(Path("../..", "blobs", content.sha256("weights.pth")))
    freed = remove_files(REPOSITORY, COMMIT, ["weights.pth"], None, Context())

    assert 0 == freed
    assert content.files["weights.pth"] == other.read_bytes()


def test_nothing_there(folder: Path) -> None:
    """Nothing is freed, and nothing made."""
    assert 0 == remove_files(REPOSITORY, COMMIT, ["config.json"], folder, Context())
    assert not folder.exists()


def test_removed_is_missing(hub: Hub, fetch: Fetch, folder: Path, content: Content) -> None:
    """Nobody calls it ready afterwards."""
    fetch()
    remove_files(REPOSITORY, COMMIT, content.files, folder, Context())
    hub.requests.clear()
    with pytest.raises(ModelDownloadError, match="4 of 4 files"):
        fetch(Context(offline=True))

    assert {} == dict(hub.requests)
