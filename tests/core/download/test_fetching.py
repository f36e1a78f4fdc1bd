"""What is fetched, what is kept, and what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.core.download.conftest import Fetch
from tests.servers.hub import Content, Hub


def read_all(folder: Path) -> dict[str, bytes]:
    """Every file but those of the work folder."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".utterly" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.usefixtures("hub")
def test_everything_arrives(content: Content, fetch: Fetch) -> None:
    """A folder that was not there holds all files, byte for byte."""
    folder = fetch()

    assert dict(content.files) == read_all(folder)


def test_second_time_asks_nobody(hub: Hub, fetch: Fetch) -> None:
    """What was verified is used without a request."""
    fetch()
    hub.requests.clear()
    fetch()

    assert {} == dict(hub.requests)
