"""The model's files where nobody can be asked: found, and verified before anything reads them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.checkpoint.tiny import NAMES
from plugins.kokoro.tests.speaking import settings_for, write_sums

import utterly_kokoro
from utterly import Context, EngineUnavailableError, ModelDownloadError, UnsupportedError
from utterly_kokoro import KokoroSettings
from utterly_kokoro._checksums import expected_checksums
from utterly_kokoro._files import ModelFiles
from utterly_kokoro._packs import VoicePacks
from utterly_kokoro._voices import read_blend

POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:496dba118d1a58f5f3db2efc88dbdc216e0483fc89fe6e47ee1f2c53f18ad1e4\nsize 327212226\n"
)


@pytest.fixture
def settings(tiny_model_dir: Path, tmp_path: Path) -> KokoroSettings:
    """A whole model."""
    return settings_for(tiny_model_dir, tmp_path / "SHA256SUMS")


def find(settings: KokoroSettings) -> ModelFiles:
    """What is there."""
    return utterly_kokoro.ensure_model(settings, Context(offline=True))


def test_whole_model_is_found(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """Every file is what it should be."""
    files = find(settings)

    assert tiny_model_dir == files.folder
    assert list(NAMES) == list(files.voices)


@pytest.mark.parametrize("layout", ["kokoro_models/Kokoro-82M", "Kokoro-82M"])
def test_folder_above_is_enough(
    settings: KokoroSettings, tiny_model_dir: Path, layout: str
) -> None:
    """A model in the usual layout is found from above."""
    above = tiny_model_dir.parent / "above"
    (above / layout).parent.mkdir(parents=True)
    tiny_model_dir.rename(above / layout)

    assert above / layout == find(replace(settings, model_dir=above)).folder


@pytest.mark.usefixtures("cache")
def test_nothing_anywhere() -> None:
    """The line says how much is missing, where, and how to have it."""
    with pytest.raises(ModelDownloadError) as caught:
        find(KokoroSettings())

    assert "56 of 56 files of hexgrad/Kokoro-82M are missing in" in str(caught.value)
    assert str(caught.value).endswith("offline is set; fetch them once with a network")


def test_working_folder_is_not_looked_into(
    tiny_model_dir: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model never comes from a folder that somebody cloned."""
    (tmp_path / "kokoro_models").mkdir()
    tiny_model_dir.rename(tmp_path / "kokoro_models" / "Kokoro-82M")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelDownloadError, match=str(cache)):
        find(KokoroSettings())


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


FAULTS: dict[str, Callable[[Path], Any]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": _truncate,
    "one bit": _flip,
    "a web page": lambda path: path.write_text("<html>", "utf-8"),
    "a pointer": lambda path: path.write_text(POINTER, "ascii"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["config.json", "kokoro-v1_0.pth"])
def test_bad_file_of_the_model_is_not_used(
    settings: KokoroSettings, tiny_model_dir: Path, fault: str, name: str
) -> None:
    """Without a network it is missing; nothing takes it for what it is not."""
    FAULTS[fault](tiny_model_dir / name)
    with pytest.raises(ModelDownloadError, match="1 of 6 files"):
        find(settings)


@pytest.mark.parametrize("fault", FAULTS)
def test_bad_voice_leaves_the_others_alone(
    settings: KokoroSettings, tiny_model_dir: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Only who asks for it hears of it, and the log says that it is missing."""
    FAULTS[fault](tiny_model_dir / "voices" / "af_heart.pt")
    files = find(settings)
    names = tuple(files.voices)

    assert (510, 1, 256) == tuple(VoicePacks(files).blend(read_blend("ef_dora", names)).shape)
    assert any("speaks with 3 of 4 voices" in message for message in caplog.messages)
    with pytest.raises(UnsupportedError, match="`utterly models pull kokoro` fetches it"):
        read_blend("af_heart", names)


def test_swapped_voices_are_noticed(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """Each file is what its name says, not only a file that somebody knows."""
    first, second = (tiny_model_dir / "voices" / f"{name}.pt" for name in ("af_heart", "ef_dora"))
    second.write_bytes(b"another")
    write_sums(settings.checksums or Path(), compute_sums(tiny_model_dir))
    first.rename(tiny_model_dir / "other")
    second.rename(first)
    (tiny_model_dir / "other").rename(second)
    files = find(settings)

    assert {*NAMES} - {"af_heart", "ef_dora"} == {*files.voices}


def test_no_voices(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """A model that nobody speaks with is none."""
    for path in (tiny_model_dir / "voices").iterdir():
        path.unlink()
    with pytest.raises(ModelDownloadError, match="4 of 6 files"):
        find(settings)


@pytest.mark.parametrize("name", ["config.json", "kokoro-v1_0.pth", "voices/"])
def test_list_that_lacks_the_model(
    settings: KokoroSettings, tiny_model_dir: Path, name: str
) -> None:
    """What nobody vouches for is not used."""
    sums = compute_sums(tiny_model_dir)
    kept = {path: checksum for path, checksum in sums.items() if not path.startswith(name)}
    write_sums(settings.checksums or Path(), kept)
    with pytest.raises(EngineUnavailableError, match="sha256sum"):
        find(settings)


@pytest.mark.parametrize("content", ["", "0123  config.json\n", "\x00\xff"])
def test_bad_list_of_checksums(settings: KokoroSettings, content: str) -> None:
    """The line says how to write one."""
    (settings.checksums or Path()).write_text(content, "latin-1")
    with pytest.raises(EngineUnavailableError, match="sha256sum"):
        find(settings)


@pytest.mark.parametrize("change", [{"repository": "me/mine"}, {"revision": "0" * 40}])
def test_other_source_has_the_hubs_checksums(change: dict[str, Any]) -> None:
    """Those of hexgrad's files say nothing about it."""
    expected = expected_checksums(replace(KokoroSettings(), **change))

    assert 56 == len(expected)
    assert {None} == set(expected.values())


def test_hexgrads_own_files_are_expected_by_default(settings: KokoroSettings) -> None:
    """A model of other weights has to be vouched for."""
    with pytest.raises(ModelDownloadError, match=r"\d+ of 56 files"):
        find(replace(settings, checksums=None))


def test_verified_files_are_not_read_again(
    settings: KokoroSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size and time stand for the content."""
    find(settings)
    monkeypatch.setattr("utterly.download.inspection.matches", None)

    assert len(NAMES) == len(find(settings).voices)


def test_changed_file_is_read_again(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """What was right yesterday may be damaged today."""
    find(settings)
    weights = tiny_model_dir / "kokoro-v1_0.pth"
    _flip(weights)
    os.utime(weights, ns=(0, weights.stat().st_mtime_ns + 1))
    with pytest.raises(ModelDownloadError):
        find(settings)


def test_damage_that_left_no_trace_is_found_when_asked_for(
    settings: KokoroSettings, tiny_model_dir: Path
) -> None:
    """`utterly models verify` reads everything, whatever was verified before."""
    find(settings)
    weights = tiny_model_dir / "kokoro-v1_0.pth"
    before = weights.stat()
    _flip(weights)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelDownloadError):
        utterly_kokoro.ensure_model(settings, Context(offline=True, refresh=True))


def test_says_how_much_is_there(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """In bytes, as the last word."""
    size = sum(path.stat().st_size for path in tiny_model_dir.rglob("*") if path.is_file())
    told: list[tuple[float, float | None, str]] = []
    context = Context(
        offline=True, _report=lambda done, total, note: told.append((done, total, note))
    )
    utterly_kokoro.ensure_model(settings, context)

    assert (size, None, "ready") == told[-1]


def test_lists_the_voices_of_the_model(settings: KokoroSettings) -> None:
    """Those that its list of files has."""
    assert list(NAMES) == [voice.id for voice in utterly_kokoro.voices(settings)]


def test_logs_nothing_of_importance(
    settings: KokoroSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in order needs no line."""
    find(settings)

    assert [] == [record for record in caplog.records if record.levelno >= logging.INFO]


@pytest.mark.parametrize("module", ["kokoro", "torch"])
def test_nothing_is_fetched_for_a_library_that_is_missing(
    settings: KokoroSettings, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    """Hundreds of megabytes that nobody could use."""
    monkeypatch.setattr(
        "utterly_kokoro._library.find_spec",
        lambda name: None if name == module else find_spec(name),
    )
    with pytest.raises(EngineUnavailableError, match=f"the library {module} is not installed"):
        find(settings)
