"""What is fetched, what is kept, and what is asked."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import huggingface_hub
import huggingface_hub.constants
import pytest
from tests.core.download.conftest import REPOSITORY, Fetch
from tests.servers.hub import COMMIT, Content, Hub

from utterly import Context, ModelDownloadError
from utterly.download import fetch_files

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


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


@pytest.mark.usefixtures("hub")
def test_second_time_works_offline(fetch: Fetch, folder: Path) -> None:
    """What is there needs no network, nor the library."""
    fetch()

    assert folder == fetch(Context(offline=True))


def test_copied_folder_needs_no_network(hub: Hub, fetch: Fetch, tmp_path: Path) -> None:
    """On another machine everything is verified by what was recorded, also the voices."""
    copy = tmp_path / "copy"
    shutil.copytree(fetch(), copy, copy_function=shutil.copyfile)
    hub.requests.clear()
    files = dict.fromkeys(read_all(copy))

    assert copy == fetch_files(REPOSITORY, COMMIT, files, copy, Context())
    assert {} == dict(hub.requests)


def test_damage_in_a_copy_is_found(fetch: Fetch, folder: Path, hub: Hub) -> None:
    """Wrong bytes of the right size are fetched again, and nothing else is."""
    fetch()
    voice = folder / "voices" / "af_heart.pt"
    right = voice.read_bytes()
    voice.write_bytes(bytes(len(right)))
    os.utime(voice, ns=(1, 1))
    hub.bytes_sent.clear()
    fetch()

    assert right == voice.read_bytes()
    assert {"voices/af_heart.pt"} == set(hub.bytes_sent)


def test_folder_filled_by_hand_gets_what_is_missing(
    hub: Hub, content: Content, fetch: Fetch, folder: Path
) -> None:
    """Right files are kept; pointers of Git LFS and wrong files are replaced."""
    (folder / "voices").mkdir(parents=True)
    (folder / "config.json").write_bytes(content.files["config.json"])
    (folder / "weights.pth").write_bytes(POINTER)
    (folder / "voices" / "small.pt").write_bytes(b"something else")
    fetch()

    assert dict(content.files) == read_all(folder)
    assert {"weights.pth", "voices/af_heart.pt", "voices/small.pt"} == set(hub.bytes_sent)


def test_folder_filled_by_hand_works_without_network(
    content: Content, folder: Path, files: dict[str, str | None]
) -> None:
    """Where nobody can be asked for the checksum of a voice, the voice is taken as it is."""
    for name, data in content.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    assert folder == fetch_files(REPOSITORY, COMMIT, files, folder, Context(offline=True))


@pytest.mark.usefixtures("hub")
def test_folder_that_can_only_be_read(content: Content, fetch: Fetch, folder: Path) -> None:
    """Where all files are there, nothing has to be written, not even the marker."""
    for name, data in content.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / ".utterly").touch()  # no folder can be made of it, for the root user neither

    assert folder == fetch()


def test_files_of_nobody_to_ask_are_taken(
    content: Content, fetch: Fetch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub that is out of reach is no reason against files that are there."""
    for name, data in content.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    assert folder == fetch()


def test_pointer_is_never_taken_for_a_voice(folder: Path) -> None:
    """Also where nobody knows its checksum, and nobody can be asked."""
    folder.mkdir(parents=True)
    (folder / "voice.pt").write_bytes(POINTER)
    with pytest.raises(ModelDownloadError, match="1 of 1 files"):
        fetch_files(REPOSITORY, COMMIT, {"voice.pt": None}, folder, Context(offline=True))


def test_damaged_part_is_fetched_anew(
    hub: Hub, content: Content, fetch: Fetch, folder: Path
) -> None:
    """Zeros that a loss of power left in a part cost its own bytes, not the download."""
    part = folder / ".utterly" / f"{content.sha256('weights.pth')}.partial"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(600_000))
    fetch()

    assert content.files["weights.pth"] == (folder / "weights.pth").read_bytes()
    assert 1_400_000 == hub.bytes_sent["weights.pth"]


def test_new_voice_is_fetched_alone(hub: Hub, folder: Path, content: Content) -> None:
    """A longer list of files does not fetch those of the shorter one again."""
    fetch_files(REPOSITORY, COMMIT, {"config.json": None}, folder, Context())
    hub.requests.clear()
    fetch_files(REPOSITORY, COMMIT, dict.fromkeys(content.files), folder, Context())

    assert {"HEAD": 3, "GET": 3, "CDN": 2} == dict(hub.requests)


def test_offline_asks_nobody(hub: Hub, fetch: Fetch) -> None:
    """What is missing is counted, and no request is made."""
    with pytest.raises(ModelDownloadError, match=f"4 of 4 files of {REPOSITORY} are missing"):
        fetch(Context(offline=True))

    assert {} == dict(hub.requests)


def test_offline_by_the_library(hub: Hub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """HF_HUB_OFFLINE counts here too."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelDownloadError, match="HF_HUB_OFFLINE is set"):
        fetch()

    assert {} == dict(hub.requests)


def test_token_goes_to_the_hub_alone(
    hub: Hub, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second origin never sees it."""
    monkeypatch.setenv("HF_TOKEN", "hf_" + "x" * 34)
    fetch()

    assert {"hub": 8, "cdn": 0} == dict(hub.authorized)


@pytest.mark.usefixtures("hub")
def test_progress_counts_bytes(content: Content, fetch: Fetch) -> None:
    """Bytes only grow, up to the whole, and the note names the file."""
    heard: list[tuple[float, float | None, str]] = []
    fetch(Context(_report=lambda *progress: heard.append(progress)))
    downloading = [entry for entry in heard if entry[2].startswith("downloading")]
    total = sum(len(data) for data in content.files.values())

    assert {f"downloading {name}" for name in content.files} == {note for *_, note in downloading}
    assert {total} == {whole for _, whole, _ in downloading}
    assert [(total, total), (total, None)] == [entry[:2] for entry in heard[-2:]]
    assert "ready" == heard[-1][2]
    assert sorted(done for done, *_ in heard) == [done for done, *_ in heard]


def test_orphans_are_swept(hub: Hub, fetch: Fetch, folder: Path) -> None:  # noqa: ARG001  # asked
    """What a killed process left is deleted after a day, and not before."""
    work = folder / ".utterly"
    work.mkdir(parents=True)
    old, new = work / "old.partial", work / "new.partial"
    old.touch()
    new.touch()
    os.utime(old, (1, 1))
    fetch()

    assert (False, True) == (old.exists(), new.exists())


@pytest.mark.usefixtures("hub", "cache")
def test_library_finds_what_we_fetched(hub: Hub, files: dict[str, str | None]) -> None:
    """Other tools use the same files, without a network."""
    ours = fetch_files(REPOSITORY, COMMIT, files, None, Context())
    hub.requests.clear()
    theirs = huggingface_hub.snapshot_download(
        REPOSITORY,
        revision=COMMIT,
        cache_dir=huggingface_hub.constants.HF_HUB_CACHE,
        local_files_only=True,
    )

    assert ours == Path(theirs)
    assert [] == huggingface_hub.scan_cache_dir(ours.parents[2]).warnings
    assert {} == dict(hub.requests)


def test_we_find_what_the_library_fetched(
    hub: Hub, cache: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of other tools are verified by the names of their blobs, and nobody is asked."""
    # What would have the library ask huggingface.co which program it runs in.
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_TELEMETRY", True)
    for name in content.files:
        huggingface_hub.hf_hub_download(
            REPOSITORY, name, revision=COMMIT, cache_dir=cache, endpoint=hub.url
        )
    hub.requests.clear()
    ours = fetch_files(REPOSITORY, COMMIT, dict.fromkeys(content.files), None, Context())

    assert dict(content.files) == read_all(ours)
    assert {} == dict(hub.requests)


def test_truncated_blob_is_repaired(hub: Hub, cache: Path, files: dict[str, str | None]) -> None:
    """The library calls it complete; we look at what is in it."""
    folder = fetch_files(REPOSITORY, COMMIT, files, None, Context())
    weights = folder / "weights.pth"
    right = weights.read_bytes()
    weights.resolve().write_bytes(right[:1000])
    fetch_files(REPOSITORY, COMMIT, files, None, Context())

    assert right == weights.read_bytes()
    assert weights.resolve().is_relative_to(cache)
    assert 2 * len(right) == hub.bytes_sent["weights.pth"]


def test_same_file_of_another_revision_is_used(
    hub: Hub, content: Content, cache: Path, files: dict[str, str | None]
) -> None:
    """What is pinned is not fetched again because its repository has a newer commit."""
    other = cache / "models--hexgrad--Kokoro-82M" / "snapshots" / ("0" * 40)
    blob = other.parents[1] / "blobs" / content.sha256("weights.pth")
    for folder in (other, blob.parent):
        folder.mkdir(parents=True)
    blob.write_bytes(content.files["weights.pth"])
    (other / "weights.pth").symlink_to(Path("..", "..", "blobs", blob.name))
    ours = fetch_files(REPOSITORY, COMMIT, files, None, Context())

    assert blob == (ours / "weights.pth").resolve()
    assert 0 == hub.bytes_sent["weights.pth"]


def test_other_file_of_the_same_name_is_not_used(
    hub: Hub, content: Content, cache: Path, files: dict[str, str | None]
) -> None:
    """A revision with other weights is another model."""
    other = cache / "models--hexgrad--Kokoro-82M" / "snapshots" / ("0" * 40)
    other.mkdir(parents=True)
    (other / "weights.pth").write_bytes(b"of another model")
    ours = fetch_files(REPOSITORY, COMMIT, files, None, Context())

    assert content.files["weights.pth"] == (ours / "weights.pth").read_bytes()
    assert len(content.files["weights.pth"]) == hub.bytes_sent["weights.pth"]


def test_everything_is_read_again_when_asked_for(hub: Hub, fetch: Fetch, folder: Path) -> None:
    """Damage that changed neither size nor time is found and mended."""
    fetch()
    weights = folder / "weights.pth"
    right, before = weights.read_bytes(), weights.stat()
    weights.write_bytes(bytes(len(right)))
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    fetch()
    trusted = weights.read_bytes()
    fetch(Context(refresh=True))

    assert (bytes(len(right)), right) == (trusted, weights.read_bytes())
    assert 2 * len(right) == hub.bytes_sent["weights.pth"]
