"""Tests of personas in the user's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from utterly import SettingsError
from utterly.configuration import read_configuration
from utterly.personas import Persona, read_persona
from utterly.preferences import Preferences

FILE = """
voice = "narrator"
language = "en-GB"
speed = 1.5
chain = ["edge", "espeak"]
strict = true
offline = false

[personas.narrator]
kokoro = "af_heart"
edge = "edge:en-US-AvaNeural"
language = "en-US"
speed = 0.95
"""


def test_file_says_how_to_speak(tmp_path: Path) -> None:
    """Preferences and personas are read, and know where they stand."""
    path = tmp_path / "config.toml"
    path.write_text(FILE, encoding="utf-8")

    configuration = read_configuration(path)

    assert configuration.preferences == Preferences(
        str(path), ("edge", "espeak"), "narrator", "en-GB", 1.5, strict=True, offline=False
    )
    assert configuration.personas == {
        "narrator": Persona(
            "narrator",
            str(path),
            {"kokoro": "af_heart", "edge": "en-US-AvaNeural"},
            language="en-US",
            speed=0.95,
        )
    }


@pytest.mark.parametrize(
    ("name", "table", "advice"),
    [
        ("a:b", {}, "no name for a persona"),
        (" ", {}, "no name for a persona"),
        ("x", 1, r"write \[personas.x\]"),
        ("x", {"speed": 9}, r"personas.x.speed = 9 \(from here\).*0.5 to 2"),
        ("x", {"language": ""}, "personas.x.language = '' .*language tag"),
        ("x", {"kokoro": 1}, "personas.x.kokoro = 1 .*id of a voice"),
    ],
)
def test_table_without_meaning_is_refused(name: str, table: Any, advice: str) -> None:
    """The message says where, and what would do."""
    with pytest.raises(SettingsError, match=advice) as caught:
        read_persona(name, table, "here")

    assert "here" == caught.value.source


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("engines = ['espeak']", "the order of engines is `chain`"),
        ("voise = 'x'", "did you mean 'voice'"),
        ("personas = 1", r"a table \[personas.NAME\]"),
        ("chain = 1", "setting chain = 1"),
    ],
)
def test_file_without_meaning_is_refused(tmp_path: Path, text: str, advice: str) -> None:
    """A wrong name comes with a near match."""
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=advice):
        read_configuration(path)
