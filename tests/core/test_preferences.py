"""Tests of what one place says of how to speak."""

from __future__ import annotations

from typing import Any

import pytest

from utterly import SettingsError
from utterly.preferences import Preferences, environment_preferences, read_preference


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("engines", "kokoro, espeak", ("kokoro", "espeak")),
        ("engines", ["kokoro"], ("kokoro",)),
        ("voice", "espeak:en-us", "espeak:en-us"),
        ("language", "zh-Hant-TW", "zh-Hant-TW"),
        ("speed", "1.5", 1.5),
        ("speed", 2, 2.0),
        ("strict", "true", True),
        ("offline", "0", False),
    ],
)
def test_value_gets_its_type(name: str, value: Any, read: Any) -> None:
    """From the environment it is text, from a file it has a type already."""
    assert read == read_preference(name, value, "here")


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("engines", [], "names of engines"),
        ("engines", [" "], "names of engines"),
        ("engines", 1, "names of engines"),
        ("voice", " ", "engine:id, a persona, or the id"),
        ("voice", "a\nb", "engine:id, a persona, or the id"),
        ("language", "english please", "a language tag such as en"),
        ("speed", "fast", "a number from 0.5 to 2"),
        ("speed", 2.01, "a number from 0.5 to 2"),
        ("speed", float("nan"), "a number from 0.5 to 2"),
        ("strict", "perhaps", "true or false"),
    ],
)
def test_wrong_value_is_refused_with_its_source(name: str, value: Any, advice: str) -> None:
    """The message names the preference, where it stands and what would do."""
    with pytest.raises(
        SettingsError, match=f"setting {name} = .* \\(from here\\).*{advice}"
    ) as got:
        read_preference(name, value, "here")

    assert "here" == got.value.source


def test_environment_is_read() -> None:
    """One variable for each; an empty one counts as not set."""
    environment = {
        "UTTERLY_VOICE": "narrator",
        "UTTERLY_ENGINES": "kokoro,espeak",
        "UTTERLY_SPEED": "1.5",
        "UTTERLY_LANGUAGE": "",
        "UTTERLY_STRICT": "1",
        "UTTERLY_OFFLINE": "false",
    }

    assert Preferences(
        "the environment",
        engines=("kokoro", "espeak"),
        voice="narrator",
        speed=1.5,
        strict=True,
        offline=False,
    ) == environment_preferences(environment)


def test_wrong_value_names_its_variable() -> None:
    """Who has to mend it need not look for it."""
    with pytest.raises(SettingsError, match=r"UTTERLY_SPEED = 'fast'") as caught:
        environment_preferences({"UTTERLY_SPEED": "fast"})

    assert "UTTERLY_SPEED" == caught.value.source


def test_misspelt_variable_is_refused() -> None:
    """A preference that has no effect would be a puzzle."""
    with pytest.raises(SettingsError, match=r"UTTERLY_VOCIE.*did you mean UTTERLY_VOICE"):
        environment_preferences({"UTTERLY_VOCIE": "narrator"})


@pytest.mark.parametrize(
    "variable",
    ["UTTERLY_CONFIG", "UTTERLY_DISABLE", "UTTERLY_VOICE_RATE", "UTTERLY_ELSEWHERE", "VOICE"],
)
def test_variable_of_somebody_else_is_left_alone(variable: str) -> None:
    """Settings of engines have a second underscore, and other programs have variables too."""
    assert Preferences("the environment") == environment_preferences({variable: "x"})
