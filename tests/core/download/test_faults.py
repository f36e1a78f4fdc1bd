"""Every way in which a hub fails: one line that says what to do, and nothing half-done."""

from __future__ import annotations

import socket
import sys
from collections.abc import Generator
from pathlib import Path
from threading import Event
from typing import NamedTuple

import pytest
from tests.core.download.conftest import REPOSITORY, Fetch
from tests.servers.hub import COMMIT, Content, Fault, Hub

from utterly import Context, EngineUnavailableError, ModelDownloadError, RequestCancelledError
from utterly.cancellation import Cancellation
from utterly.download import fetch_files, following

TOLD: dict[Fault, str] = {
    "status-401": "private, missing or gated (401); set a valid HF_TOKEN",
    "status-403": "private, missing or gated (403); set a valid HF_TOKEN",
    "gated": "it is gated; accept its terms",
    "status-404": "is missing (404); correct the settings",
    "no-revision": "lacks the revision; correct the settings",
    "no-file": "lacks a file; correct the settings",
    "status-429": "asked too often (429); try again later",
    "status-500": "out of order (500); try again later",
    "status-503": "out of order (503); try again later",
    "wrong-bytes": "wrong checksum; try again on another network",
    "short-body": "broke; try again later: what is there is kept",
    "long-body": "wrong checksum",
    "hang-at-head": "sent nothing for 20 s; try again later",
    "hang-at-get": "sent nothing for 20 s; try again later",
    "hang-at-half": "sent nothing for 20 s; try again later",
    "html": "log in to this network",
    "html-at-get": "log in to this network",
}


PASSING = ("status-500", "status-503", "short-body")
"""Faults of which a second try at once may not hear any more."""


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for 20 seconds."""
    monkeypatch.setattr(following, "SILENT_SECONDS", 0.3)


def final_files(folder: Path) -> set[str]:
    """What lies under a final name."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in paths if ".utterly" not in path.parts}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", TOLD)
def test_failure_is_told_in_one_line(hub: Hub, fetch: Fetch, folder: Path, fault: Fault) -> None:
    """The message says what is wrong and what to do, and no wrong file is left."""
    hub.faults = {fault}
    with pytest.raises(ModelDownloadError) as caught:
        fetch()

    assert TOLD[fault] in str(caught.value)
    assert (fault not in PASSING) == caught.value.is_final
    assert "\n" not in str(caught.value)
    assert set() == final_files(folder) - {"config.json"}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", TOLD)
def test_next_time_it_works(hub: Hub, content: Content, fetch: Fetch, fault: Fault) -> None:
    """No fault leaves anything that keeps a healthy hub from being used."""
    hub.faults = {fault}
    with pytest.raises(ModelDownloadError):
        fetch()
    hub.faults = set()
    folder = fetch()

    assert set(content.files) == final_files(folder)


@pytest.mark.parametrize("fault", ["cut-at-half", "reset-at-half", "no-ranges"])
def test_passing_fault_is_not_noticed(
    hub: Hub, content: Content, fetch: Fetch, fault: Fault
) -> None:
    """A connection that breaks is taken up again, whatever the server makes of ranges."""
    hub.faults = {fault, "cut-at-half"}
    folder = fetch()

    assert content.files["weights.pth"] == (folder / "weights.pth").read_bytes()


@pytest.mark.parametrize("fault", ["cut-at-half", "reset-at-half"])
def test_cut_download_goes_on_where_it_was(
    hub: Hub, content: Content, folder: Path, fault: Fault
) -> None:
    """The first half of the weights is not fetched twice."""
    # Slow, since a reset takes away what was not read yet.
    hub.faults = {fault, "slow"}
    fetch_files(REPOSITORY, COMMIT, {"weights.pth": None}, folder, Context())

    assert hub.bytes_sent["weights.pth"] < 1.2 * len(content.files["weights.pth"])
    assert fault not in hub.faults


def test_endless_cuts_are_given_up(hub: Hub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never sends enough is not asked for ever."""
    monkeypatch.setattr("utterly.download.transfer._WORTHWHILE", 10_000_000)
    hub.faults = {"cut-always"}
    with pytest.raises(ModelDownloadError, match="broke; try again later"):
        fetch()

    assert 8 >= hub.requests["GET"]


def test_other_content_than_pinned_is_not_even_fetched(hub: Hub, folder: Path) -> None:
    """Where the hub itself names another checksum than the plugin, no byte is wasted."""
    with pytest.raises(ModelDownloadError, match=r"weights\.pth has the wrong checksum"):
        fetch_files(REPOSITORY, COMMIT, {"weights.pth": "0" * 64}, folder, Context())

    assert 0 == hub.requests["GET"]


def test_nobody_listens(fetch: Fetch, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Without a network, the message says how to do without."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    with pytest.raises(ModelDownloadError, match=r"no network: 127\.0\.0\.1") as caught:
        fetch()

    assert f"copy it to {folder}, or use another engine" in str(caught.value)


def test_connection_that_is_never_made_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server or a firewall that never answers holds nobody up."""
    monkeypatch.setattr(following, "CONNECT_SECONDS", 0.1)
    ended = Event()

    def hang(_connection: following.Connection) -> Generator[int, None, None]:
        ended.wait()
        yield 1

    with pytest.raises(following.NotConnectedError):
        list(following.follow(hang, lambda: None))
    ended.set()


@pytest.mark.parametrize("fault", ["hang-at-head", "hang-at-get", "hang-at-half", "slow"])
def test_cancelled_at_any_moment(hub: Hub, fetch: Fetch, fault: Fault) -> None:
    """Who cancels does not wait for the network."""
    hub.faults = {fault}
    cancellation = Cancellation()
    stop_at = {"hang-at-head": "asking", "hang-at-get": "downloading config"}

    def cancel(_done: float, _total: float | None, note: str) -> None:
        if note.startswith(stop_at.get(fault, "downloading weights")):
            cancellation.set()

    with pytest.raises(RequestCancelledError):
        fetch(Context(_cancellation=cancellation, _report=cancel))


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_room_is_looked_for_first(hub: Hub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched that the disk cannot take, and the message says how much it is."""
    monkeypatch.setattr("shutil.disk_usage", lambda _path: _Usage(0, 0, 1_200_000))
    with pytest.raises(ModelDownloadError, match=r"takes 1\.1 MB, and 1\.2 MB are free"):
        fetch()

    assert 0 == hub.requests["GET"]


@pytest.mark.skipif(not Path("/sys").is_dir(), reason="a folder that refuses the root user too")
@pytest.mark.usefixtures("hub")
def test_folder_that_cannot_be_written(files: dict[str, str | None]) -> None:
    """The message names the folder and what to change."""
    with pytest.raises(ModelDownloadError, match=r"cannot write to /sys/model .*engine's settings"):
        fetch_files(REPOSITORY, COMMIT, files, "/sys/model", Context())


@pytest.mark.usefixtures("hub")
def test_folder_below_a_file(files: dict[str, str | None], tmp_path: Path) -> None:
    """It cannot be made, which is told like any other."""
    (tmp_path / "file").touch()
    with pytest.raises(ModelDownloadError, match="cannot write to"):
        fetch_files(REPOSITORY, COMMIT, files, tmp_path / "file" / "model", Context())


@pytest.mark.parametrize(
    ("repository", "revision", "file", "checksum"),
    [
        ("../etc", COMMIT, "config.json", None),
        (REPOSITORY, "main", "config.json", None),
        (REPOSITORY, COMMIT, "../evil", None),
        (REPOSITORY, COMMIT, "/etc/passwd", None),
        (REPOSITORY, COMMIT, "C:\\x", None),
        (REPOSITORY, COMMIT, "a//b", None),
        (REPOSITORY, COMMIT, ".", None),
        (REPOSITORY, COMMIT, "", None),
        (REPOSITORY, COMMIT, ".utterly/lock", None),
        (REPOSITORY, COMMIT, "config.json", "abc"),
    ],
)
def test_wrong_argument_is_refused(
    folder: Path, repository: str, revision: str, file: str, checksum: str | None
) -> None:
    """A path out of the folder, a branch and half a checksum end before anything is done."""
    with pytest.raises(EngineUnavailableError):
        fetch_files(repository, revision, {file: checksum}, folder, Context())

    assert not folder.exists()


def test_library_that_is_missing(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EngineUnavailableError, match=r'pip install "utterly\[hub\]"'):
        fetch()
