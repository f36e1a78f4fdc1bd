"""The model's files: found, and verified before anything reads them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from plugins.kokoro.tests.checkpoint import compute_sums
from plugins.kokoro.tests.checkpoint.tiny import NAMES
from plugins.kokoro.tests.speaking import settings_for, write_sums

import utterly_kokoro
from utterly import Context, EngineUnavailableError, UnsupportedError
from utterly_kokoro import KokoroSettings
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


@pytest.fixture
def weights(tiny_model_dir: Path) -> Path:
    """The file of its weights."""
    return tiny_model_dir / "kokoro-v1_0.pth"


def _refuse(settings: KokoroSettings) -> str:
    with pytest.raises(EngineUnavailableError) as caught:
        utterly_kokoro.ensure_model(settings, Context())
    assert 1 == len(str(caught.value).splitlines())
    assert caught.value.mend
    return str(caught.value)


def test_whole_model_is_found(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """Every file is what it should be."""
    files = utterly_kokoro.ensure_model(settings, Context())

    assert tiny_model_dir == files.folder
    assert list(NAMES) == list(files.voices)
    assert {} == files.faults


def test_folder_above_is_enough(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """Its layout is `kokoro_models/Kokoro-82M`."""
    above = tiny_model_dir.parent / "above"
    (above / "kokoro_models").mkdir(parents=True)
    tiny_model_dir.rename(above / "kokoro_models" / "Kokoro-82M")
    files = utterly_kokoro.ensure_model(replace(settings, model_dir=above), Context())

    assert above / "kokoro_models" / "Kokoro-82M" == files.folder


@pytest.mark.parametrize("variable", ["HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME"])
@pytest.mark.parametrize("has_branch", [True, False])
def test_cache_of_the_hub_is_looked_into(
    settings: KokoroSettings,
    tiny_model_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    *,
    has_branch: bool,
) -> None:
    """What its own library downloaded is found, without that library."""
    below = {"HF_HOME": "hub", "HF_HUB_CACHE": "", "XDG_CACHE_HOME": "huggingface/hub"}[variable]
    cache = tiny_model_dir.parent / "cache"
    repository = cache / below / "models--hexgrad--Kokoro-82M"
    (repository / "snapshots" / "a-branch-of-others").mkdir(parents=True)
    tiny_model_dir.rename(repository / "snapshots" / "f3ff")
    if has_branch:
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text("f3ff", "ascii")
    for name in ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(cache))
    files = utterly_kokoro.ensure_model(replace(settings, model_dir=None), Context())

    assert repository / "snapshots" / "f3ff" == files.folder


def test_nothing_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The line says how to install it by hand."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    assert "hf download hexgrad/Kokoro-82M" in _refuse(KokoroSettings())


def test_working_folder_is_not_looked_into(
    tiny_model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model never comes from a folder that somebody cloned."""
    (tmp_path / "kokoro_models").mkdir()
    tiny_model_dir.rename(tmp_path / "kokoro_models" / "Kokoro-82M")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "empty"))
    monkeypatch.chdir(tmp_path)

    assert "is not on this machine" in _refuse(KokoroSettings())


def test_no_such_folder(settings: KokoroSettings, tmp_path: Path) -> None:
    """A slip in the setting is named."""
    assert "which is no folder" in _refuse(replace(settings, model_dir=tmp_path / "nope"))


def test_empty_folder(settings: KokoroSettings, tmp_path: Path) -> None:
    """What is looked for is named."""
    (tmp_path / "empty").mkdir()

    assert "there is no kokoro-v1_0.pth" in _refuse(replace(settings, model_dir=tmp_path / "empty"))


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


FAULTS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (Path.unlink, "is missing"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "truncated": (_truncate, "is damaged"),
    "one bit": (_flip, "is damaged"),
    "a web page": (lambda path: path.write_text("<html>", "utf-8"), "is damaged"),
    "a pointer": (lambda path: path.write_text(POINTER, "ascii"), "pointer of Git LFS"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["config.json", "kokoro-v1_0.pth"])
def test_bad_file_of_the_model(
    settings: KokoroSettings, tiny_model_dir: Path, fault: str, name: str
) -> None:
    """One line says which and why, and how to get another."""
    spoil, reason = FAULTS[fault]
    spoil(tiny_model_dir / name)
    line = _refuse(settings)

    assert name in line
    assert reason in line
    assert "https://huggingface.co/hexgrad/Kokoro-82M" in line


@pytest.mark.parametrize("fault", set(FAULTS) - {"missing"})
def test_bad_voice_leaves_the_others_alone(
    settings: KokoroSettings, tiny_model_dir: Path, fault: str
) -> None:
    """Only who asks for it hears of it."""
    spoil, reason = FAULTS[fault]
    spoil(tiny_model_dir / "voices" / "af_heart.pt")
    packs = VoicePacks(utterly_kokoro.ensure_model(settings, Context()))
    names = ("af_heart", "ef_dora")

    assert (510, 1, 256) == tuple(packs.blend(read_blend("ef_dora", names)).shape)
    with pytest.raises(UnsupportedError, match=reason):
        packs.blend(read_blend("af_heart", names))


def test_swapped_voices_are_noticed(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """Each file is what its name says, not only a file that somebody knows."""
    first, second = (tiny_model_dir / "voices" / f"{name}.pt" for name in ("af_heart", "ef_dora"))
    second.write_bytes(b"another")
    write_sums(settings.checksums or Path(), compute_sums(tiny_model_dir))
    first.rename(tiny_model_dir / "other")
    second.rename(first)
    (tiny_model_dir / "other").rename(second)

    assert {"af_heart", "ef_dora"} == set(utterly_kokoro.ensure_model(settings, Context()).faults)


def test_no_voices(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """A model that nobody speaks with is none."""
    for path in (tiny_model_dir / "voices").iterdir():
        path.unlink()

    assert "there are no voices" in _refuse(settings)


def test_file_that_is_not_in_the_list(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """What nobody vouches for is not used."""
    sums = compute_sums(tiny_model_dir)
    del sums["kokoro-v1_0.pth"]
    write_sums(settings.checksums or Path(), sums)

    assert "it is not known what kokoro-v1_0.pth should be" in _refuse(settings)


@pytest.mark.parametrize("content", ["", "0123  config.json\n", "\x00\xff"])
def test_bad_list_of_checksums(settings: KokoroSettings, content: str) -> None:
    """The line says how to write one."""
    (settings.checksums or Path()).write_text(content, "latin-1")

    assert "sha256sum" in _refuse(settings)


def test_hexgrads_own_files_are_expected_by_default(settings: KokoroSettings) -> None:
    """A model of other weights has to be vouched for."""
    assert "is damaged or another version" in _refuse(replace(settings, checksums=None))


def test_verified_files_are_not_read_again(
    settings: KokoroSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size and time stand for the content."""
    utterly_kokoro.ensure_model(settings, Context())
    monkeypatch.setattr("utterly_kokoro._files.compute_checksum", None)

    assert {} == utterly_kokoro.ensure_model(settings, Context()).faults


def test_changed_file_is_read_again(settings: KokoroSettings, weights: Path) -> None:
    """What was right yesterday may be damaged today."""
    utterly_kokoro.ensure_model(settings, Context())
    _flip(weights)
    os.utime(weights, ns=(0, weights.stat().st_mtime_ns + 1))

    assert "is damaged" in _refuse(settings)


def test_damaged_memory_of_checksums_is_no_fault(settings: KokoroSettings) -> None:
    """Then all files are read again."""
    utterly_kokoro.ensure_model(settings, Context())
    remembered = list(Path.home().rglob("kokoro-checksums.json"))
    remembered[0].write_text('{"a": 1}', "ascii")

    assert 1 == len(remembered)
    assert {} == utterly_kokoro.ensure_model(settings, Context()).faults


def test_place_where_nothing_can_be_remembered_is_no_fault(
    settings: KokoroSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The files are read each time."""
    (tmp_path / "file").write_text("", "ascii")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert {} == utterly_kokoro.ensure_model(settings, Context()).faults


def test_tells_how_far_it_has_come(settings: KokoroSettings, tiny_model_dir: Path) -> None:
    """The last word is all of it."""
    told: list[tuple[float, float | None, str]] = []
    context = Context(_report=lambda done, total, note: told.append((done, total, note)))
    utterly_kokoro.ensure_model(settings, context)
    size = sum(path.stat().st_size for path in tiny_model_dir.rglob("*") if path.is_file())

    assert (size, size, "verifies its model files") == told[-1]


def test_lists_the_voices_that_are_there(settings: KokoroSettings) -> None:
    """Nobody is offered what cannot speak."""
    assert list(NAMES) == [voice.id for voice in utterly_kokoro.voices(settings)]


def test_logs_nothing_of_importance(
    settings: KokoroSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in order needs no line."""
    utterly_kokoro.ensure_model(settings, Context())

    assert [] == [record for record in caplog.records if record.levelno >= logging.INFO]
