"""Tests of the user's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from utterly import SettingsError
from utterly.configuration import EngineConfiguration, configuration_path, read_configuration


def write(folder: Path, text: str) -> Path:
    """Write a user's file."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_missing_file_configures_nothing(tmp_path: Path) -> None:
    """Nobody has to write a file."""
    assert {} == read_configuration(tmp_path / "none.toml").engines


def test_configured_name_uses_another_engine(tmp_path: Path) -> None:
    """`use` names the plugin behind a configured name; the rest are its settings."""
    path = write(tmp_path, '[engines.studio]\nuse = "espeak"\nwords_per_minute = 120\n')

    configuration = read_configuration(path)

    assert EngineConfiguration("espeak", {"words_per_minute": 120}) == configuration.engine(
        "studio"
    )


def test_engine_that_is_not_mentioned_uses_its_own_name(tmp_path: Path) -> None:
    """Without a table, an engine is itself."""
    configuration = read_configuration(tmp_path / "none.toml")

    assert EngineConfiguration("espeak") == configuration.engine("espeak")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("[engines", "not valid TOML"),
        ("engine = 1", "did you mean 'engines'"),
        ("engines = 1", r"table \[engines.NAME\]"),
        ("[engines]\nstudio = 1", r"write \[engines.studio\]"),
        ("[engines.studio]\nuse = 1", "engines.studio.use must name an engine"),
    ],
)
def test_file_without_meaning_is_refused_by_name(tmp_path: Path, text: str, advice: str) -> None:
    """The message names the file and the mend."""
    path = write(tmp_path, text)

    with pytest.raises(SettingsError, match=advice) as caught:
        read_configuration(path)

    assert str(path) == caught.value.source


def test_unreadable_file_is_said(tmp_path: Path) -> None:
    """A folder in place of the file is no silent absence."""
    with pytest.raises(SettingsError, match="cannot be read"):
        read_configuration(tmp_path)


def test_environment_chooses_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`UTTERLY_CONFIG` points elsewhere."""
    monkeypatch.setenv("UTTERLY_CONFIG", str(tmp_path / "mine.toml"))

    assert tmp_path / "mine.toml" == configuration_path()
