"""An engine that has core fetch its model, from the user's side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.download.conftest import REPOSITORY
from tests.servers.hub import COMMIT, Content, Hub

from utterly import Context, EngineInfo, download, hookimpl
from utterly.events import EngineProgress, Event
from utterly.models import ModelReport, Models
from utterly.testing import register_engine


class Songbird:
    """An engine whose `ensure_model` is the one of the documentation."""

    utterly_api = 1

    def __init__(self, folder: Path, files: dict[str, str | None]) -> None:
        self._folder = folder
        self._files = files

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts of the engine."""
        return EngineInfo(
            title="Songbird",
            kind="local",
            languages=("en",),
            sample_rate=24_000,
            licence="MIT",
            runtime_licences=("MIT",),
        )

    @hookimpl
    def ensure_model(self, context: Context) -> Path:
        """Have the files."""
        return download.fetch_files(REPOSITORY, COMMIT, self._files, self._folder, context)

    @hookimpl
    def synthesize(self) -> Iterator[None]:
        """Say nothing."""
        yield from ()


@pytest.fixture
def songbird(folder: Path, files: dict[str, str | None]) -> Iterator[None]:
    """The engine, installed."""
    with register_engine(Songbird(folder, files), "songbird"):
        yield


@pytest.mark.usefixtures("songbird")
def test_pull_fetches_with_progress(hub: Hub, content: Content) -> None:
    """The model is ready afterwards, also for `verify`, and every byte was told."""
    events: list[Event] = []
    report = Models(on_event=events.append).pull("songbird")
    told = [event.done for event in events if isinstance(event, EngineProgress)]
    hub.requests.clear()

    size = sum(len(data) for data in content.files.values())
    ready = ModelReport("songbird", "ready", bytes_on_disk=size, bytes_to_fetch=0)

    assert ready == report == Models().verify("songbird")
    assert size == max(told)
    assert {} == dict(hub.requests)


@pytest.mark.usefixtures("songbird")
def test_failure_reaches_the_user(hub: Hub) -> None:
    """What the hub said is in the report, with the mend."""
    hub.faults = {"status-503"}
    report = Models().pull("songbird")

    assert "missing" == report.state
    assert report.reason.endswith("is out of order (503); try again later")
