"""Tests of the functions of `import utterly`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import utterly
from utterly.testing import ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file, empty."""
    path = tmp_path / "config.toml"
    path.touch()
    monkeypatch.setenv("UTTERLY_CONFIG", str(path))
    return path


def test_configured_names_are_listed_with_their_plugin(
    install: InstallEngine, user_file: Path
) -> None:
    """A second engine of the same plugin is as ready as the plugin."""
    install("first")
    user_file.write_text('[engines.studio]\nuse = "first"\n', encoding="utf-8")

    (studio,) = [report for report in utterly.engines() if report.name == "studio"]

    assert ("first", "ready") == (studio.use, studio.state)


def test_configured_name_without_a_plugin_says_what_to_install(
    user_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mend is the same as for an engine that was named."""
    monkeypatch.setattr("utterly.plugins.names.OWN_ENGINES", ("absent",))
    user_file.write_text('[engines.studio]\nuse = "absent"\n', encoding="utf-8")

    (studio,) = [report for report in utterly.engines() if report.name == "studio"]

    assert ("failed", "pip install utterly-absent") == (studio.state, studio.mend)


def test_voices_can_be_asked_for_by_language(install: InstallEngine) -> None:
    """The best match comes first, and no other language at all."""
    install("first", languages=("de", "en"), voices=VOICES)

    found = [voice.reference for voice in utterly.voices("first", "de-AT")]

    assert ["first:anna", "first:bernd"] == found


VOICES = (
    utterly.Voice("bernd", ("de-DE",)),
    utterly.Voice("carl", ("en",)),
    utterly.Voice("anna", ("de-AT",)),
)


def test_say_and_voices_work_side_by_side(install: InstallEngine) -> None:
    """No module of the same name comes in the way of a function."""
    install("first")

    assert "complete" == utterly.say("One.", engines="first").status
    assert utterly.voices("first")
