"""The model from a hub: everything at once, just what is missing, and nothing twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import huggingface_hub.constants
import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.checkpoint.tiny import NAMES
from plugins.kokoro.tests.fetching import PIPELINE, read_files
from plugins.kokoro.tests.speaking import write_sums
from plugins.kokoro.tests.test_files import POINTER
from tests.servers.hub import Hub

import utterly_kokoro
from utterly import Context, ModelDownloadError
from utterly_kokoro import KokoroSettings
from utterly_kokoro._files import ModelFiles
from utterly_kokoro._pipeline import _FILES as PIPELINE_FILES
from utterly_kokoro._voices import VOICES


@pytest.fixture
def settings(tiny_model_dir: Path, tmp_path: Path) -> KokoroSettings:
    """The tiny model's files are those to have, in a folder that is not there yet."""
    sums = write_sums(tmp_path / "SHA256SUMS", compute_sums(tiny_model_dir))
    return KokoroSettings(model_dir=tmp_path / "target", checksums=sums)


@pytest.fixture
def folder(settings: KokoroSettings) -> Path:
    """Where they are to lie."""
    assert settings.model_dir is not None
    return settings.model_dir / "kokoro_models" / "Kokoro-82M"


def fetch(settings: KokoroSettings, *, offline: bool = False) -> ModelFiles:
    """Have the model's files."""
    return utterly_kokoro.ensure_model(settings, Context(offline=offline))


def model_and_pipeline(hub: Hub) -> dict[str, bytes]:
    """All that is to be fetched, by its path in the folder."""
    model, pipeline = hub.contents
    return {
        **model.files,
        **{f"{PIPELINE}/{name}": pipeline.files[name] for name in PIPELINE_FILES},
    }


def test_everything_at_once(hub: Hub, settings: KokoroSettings, folder: Path) -> None:
    """Configuration, weights, every voice, and of spaCy's pipeline the part that is used."""
    files = fetch(settings)

    assert model_and_pipeline(hub) == read_files(folder)
    assert (folder, folder / PIPELINE) == (files.folder, files.pipeline)
    assert list(NAMES) == list(files.voices)


@pytest.mark.usefixtures("hub")
@pytest.mark.parametrize("name", ["kokoro_models/Kokoro-82M", "Kokoro-82M"])
def test_folder_of_the_usual_name_is_taken_as_it_is(
    settings: KokoroSettings, tmp_path: Path, name: str
) -> None:
    """Whoever names the model's own folder gets no second one in it."""
    files = fetch(replace(settings, model_dir=tmp_path / "mine" / name))

    assert tmp_path / "mine" / name == files.folder


@pytest.mark.usefixtures("cache")
def test_cache_of_all_tools(hub: Hub, settings: KokoroSettings) -> None:
    """Left out, the folder is the hub's cache, where the hub's library finds both repositories."""
    files = fetch(replace(settings, model_dir=None))
    hub.requests.clear()
    theirs = huggingface_hub.snapshot_download(
        "hexgrad/Kokoro-82M",
        revision=hub.contents[0].commit,
        cache_dir=huggingface_hub.constants.HF_HUB_CACHE,
        local_files_only=True,
    )

    assert theirs == str(files.folder)
    assert "models--spacy--en_core_web_sm" in str(files.pipeline)
    assert {} == dict(hub.requests)


def test_second_time_asks_nobody(hub: Hub, settings: KokoroSettings) -> None:
    """Also with the hub gone, and offline."""
    first = fetch(settings)
    hub.requests.clear()
    hub.faults = {"status-503"}

    assert first == fetch(settings) == fetch(settings, offline=True)
    assert {} == dict(hub.requests)


def test_copied_folder_needs_no_network(
    hub: Hub, settings: KokoroSettings, folder: Path, tmp_path: Path
) -> None:
    """One folder is all that has to be carried to another machine."""
    fetch(settings)
    shutil.copytree(folder, tmp_path / "other" / "Kokoro-82M", copy_function=shutil.copyfile)
    hub.requests.clear()
    files = fetch(replace(settings, model_dir=tmp_path / "other"))

    assert tmp_path / "other" / "Kokoro-82M" / PIPELINE == files.pipeline
    assert {} == dict(hub.requests)


def test_folder_filled_by_hand_gets_what_is_missing(
    hub: Hub, settings: KokoroSettings, tiny_model_dir: Path
) -> None:
    """Right files stay, and pointers of Git LFS are replaced."""
    (tiny_model_dir / "kokoro-v1_0.pth").write_text(POINTER, "ascii")
    (tiny_model_dir / "voices" / "af_heart.pt").unlink()
    fetch(replace(settings, model_dir=tiny_model_dir, spacy_repository=""))

    assert hub.contents[0].files == read_files(tiny_model_dir)
    assert {"kokoro-v1_0.pth", "voices/af_heart.pt"} == set(hub.bytes_sent)


def test_what_another_tool_fetched_is_used(
    hub: Hub, settings: KokoroSettings, cache: Path, tiny_model_dir: Path
) -> None:
    """The same files at a newer revision of the repository are not fetched again."""
    snapshots = cache / "models--hexgrad--Kokoro-82M" / "snapshots"
    snapshots.mkdir(parents=True)
    tiny_model_dir.rename(snapshots / ("f" * 40))
    files = fetch(replace(settings, model_dir=None, spacy_repository=""))

    assert hub.contents[0].commit == files.folder.name
    assert hub.contents[0].files == read_files(files.folder)
    assert {} == dict(hub.requests)


def test_other_repository_has_the_hubs_checksums(hub: Hub, settings: KokoroSettings) -> None:
    """What is not pinned is verified by the hub's word, recorded, and then asked for no more."""
    (model, pipeline) = hub.contents
    voices = {f"voices/{voice.id}.pt": b"x" * 20_000 for voice in VOICES.values()}
    hub.contents = (replace(model, repository="me/mine", files={**voices, **model.files}), pipeline)
    mine = replace(settings, repository="me/mine", checksums=None)
    files = fetch(mine)
    hub.requests.clear()
    fetch(mine)

    assert 54 == len(files.voices)
    assert {} == dict(hub.requests)


NOT_THE_PIPELINE: dict[str, Callable[[Hub], object]] = {
    "no such repository": lambda hub: setattr(hub, "contents", hub.contents[:1]),
    "wrong revision": lambda hub: setattr(
        hub, "contents", (hub.contents[0], replace(hub.contents[1], commit="0" * 40))
    ),
    "a file is missing": lambda hub: setattr(
        hub, "contents", (hub.contents[0], replace(hub.contents[1], files={}))
    ),
}


@pytest.mark.parametrize("fault", NOT_THE_PIPELINE)
def test_pipeline_that_cannot_be_had_stops_nobody(
    hub: Hub, settings: KokoroSettings, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    """English is read by eSpeak then, and one line says why."""
    NOT_THE_PIPELINE[fault](hub)
    files = fetch(settings)

    assert (None, len(NAMES)) == (files.pipeline, len(files.voices))
    assert 1 == len(caplog.messages)
    assert "eSpeak NG reads English, less exactly than spaCy: cannot fetch" in caplog.messages[0]


def test_pipeline_that_is_installed_is_not_fetched(
    hub: Hub, settings: KokoroSettings, spacy_package_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installed one is as good."""
    monkeypatch.syspath_prepend(spacy_package_dir)
    files = fetch(settings)

    assert PIPELINE == files.pipeline
    assert set(hub.contents[0].files) == set(hub.bytes_sent)


def test_pipeline_of_the_users_is_not_fetched(
    hub: Hub, settings: KokoroSettings, spacy_pipeline_dir: Path
) -> None:
    """Whoever names a folder means it."""
    files = fetch(replace(settings, spacy_model=spacy_pipeline_dir))

    assert spacy_pipeline_dir == files.pipeline
    assert set(hub.contents[0].files) == set(hub.bytes_sent)


def test_voices_that_cannot_be_had_stop_nobody(
    hub: Hub, settings: KokoroSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """A connection that breaks late leaves a model that speaks."""
    model, pipeline = hub.contents
    last = "voices/ef_dora.pt"
    files = {name: data for name, data in model.files.items() if name != last}
    fetch(settings)
    hub.contents = (replace(model, files=files), pipeline)
    target = settings.model_dir or Path()
    next(target.rglob("ef_dora.pt")).unlink()
    found = fetch(settings)

    assert {*NAMES} - {"ef_dora"} == {*found.voices}
    assert "speaks with 3 of 4 voices: cannot fetch" in caplog.text


def test_removed_is_gone(hub: Hub, settings: KokoroSettings, folder: Path) -> None:
    """Every byte that was fetched, and nothing else."""
    size = sum(map(len, model_and_pipeline(hub).values()))
    fetch(settings)
    (folder / "notes.txt").write_text("mine", "ascii")
    freed = utterly_kokoro.remove_model(settings, Context())

    assert size == freed
    assert {"notes.txt": b"mine"} == read_files(folder)
    with pytest.raises(ModelDownloadError, match="6 of 6 files"):
        fetch(settings, offline=True)


def test_nothing_is_removed_where_nothing_is(settings: KokoroSettings) -> None:
    """And nothing made."""
    assert 0 == utterly_kokoro.remove_model(settings, Context())
    assert settings.model_dir is not None
    assert not settings.model_dir.exists()
