"""What the engine says of itself, without its library."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import utterly_kokoro
from utterly import EngineUnavailableError
from utterly_kokoro import KokoroSettings
from utterly_kokoro._checksums import expected_checksums
from utterly_kokoro._library import check_python


def test_describes_itself() -> None:
    """The facts are those of the design."""
    info = utterly_kokoro.describe()

    assert ("Kokoro", "local", 24_000, 4) == (
        info.title,
        info.kind,
        info.sample_rate,
        info.concurrency,
    )
    assert ("en-US", "en-GB", "es", "fr", "hi", "it", "pt-BR", "ja", "zh") == info.languages


def test_names_the_licences_that_it_runs_under() -> None:
    """The weights are under Apache-2.0, and what they are read with is under the GPL."""
    info = utterly_kokoro.describe()

    assert ("MIT", ("Apache-2.0", "GPL-3.0-or-later")) == (info.licence, info.runtime_licences)


def test_says_how_much_it_fetches() -> None:
    """The weights and 54 voices, as published, and the files of the pipeline that are read."""
    published = 327_212_226 + 54 * 523_425 + 2_351 + 7_550_000

    assert published == pytest.approx(utterly_kokoro.describe().model_size, rel=0.001)


def test_lists_all_voices_while_there_is_no_model() -> None:
    """There are 54, 28 of them English."""
    voices = utterly_kokoro.voices(KokoroSettings())
    english = [voice for voice in voices if voice.languages[0].startswith("en")]

    assert (54, 28) == (len(voices), len(english))
    assert "af_heart" == voices[0].id
    assert {"female", "male"} == {voice.gender for voice in voices}


def test_knows_what_each_file_should_be() -> None:
    """The list that is shipped has the two files of the model, and every voice."""
    voices = {f"voices/{voice.id}.pt" for voice in utterly_kokoro.voices(KokoroSettings())}
    expected = expected_checksums(KokoroSettings())

    assert {"config.json", "kokoro-v1_0.pth", *voices} == set(expected)
    assert (
        "496dba118d1a58f5f3db2efc88dbdc216e0483fc89fe6e47ee1f2c53f18ad1e4"
        == expected["kokoro-v1_0.pth"]
    )


def test_ships_the_list_of_checksums() -> None:
    """It is data of the package."""
    assert files("utterly_kokoro").joinpath("SHA256SUMS").is_file()


@pytest.mark.parametrize("version", [(3, 13), (3, 14), (4, 0)])
def test_newer_python_is_refused_kindly(version: tuple[int, int]) -> None:
    """The library has no release for it, and the message says what would do."""
    with pytest.raises(EngineUnavailableError, match=r"use Python 3\.11 or 3\.12"):
        check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12)])
def test_python_that_the_library_has_a_release_for(version: tuple[int, int]) -> None:
    """Nothing is said."""
    check_python(version)


def test_installs_on_newer_python_without_the_library() -> None:
    """Its requirements that have no release there carry a marker; `unidic` is no requirement."""
    path = Path(__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    heavy = [line for line in project["dependencies"] if line.startswith(("kokoro", "torch"))]

    assert 2 == len(heavy)
    assert all("python_version < '3.13'" in line for line in [*heavy, *extras])
    assert not {"unidic", "pyopenjtalk"} & {line.partition(">")[0] for line in extras}
