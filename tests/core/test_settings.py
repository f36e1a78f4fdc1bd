"""Tests of filling in engine settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from utterly import Secret, SettingsError
from utterly.settings import SettingsLayer, environment_layer, fill_settings


@dataclass(frozen=True)
class Settings:
    """One field of every kind."""

    rate: int = 1
    gain: float | None = None
    loud: bool = False
    mode: Literal["fast", "good"] = "fast"
    folder: Path | None = None
    key: Secret | None = None
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rate < 0:
            raise ValueError("rate must not be negative")


def fill(source: str = "argument", **values: Any) -> Settings:
    """Fill in from one place."""
    filled = fill_settings(Settings, "studio", SettingsLayer.of(values, source)).value
    assert isinstance(filled, Settings)
    return filled


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("rate", "12", 12),
        ("gain", "1.5", 1.5),
        ("loud", "true", True),
        ("loud", "0", False),
        ("mode", "good", "good"),
        ("folder", "/models", Path("/models")),
        ("key", " abc \n", Secret("abc")),
        ("names", "a, b", ("a", "b")),
    ],
)
def test_text_becomes_the_type_of_the_field(field: str, text: str, value: object) -> None:
    """Values of the environment and of `--set` are text; the field says what they mean."""
    assert value == getattr(fill(**{field: text}), field)


def test_values_of_the_right_type_pass() -> None:
    """Arguments from Python need no detour through text."""
    assert Settings(rate=2, folder=Path("a"), names=("x",)) == fill(
        rate=2, folder=Path("a"), names=("x",)
    )


@pytest.mark.parametrize(
    ("field", "text", "advice"),
    [
        ("rate", "fast", "a whole number"),
        ("gain", "x", "a number"),
        ("loud", "perhaps", "true or false"),
        ("mode", "best", "one of fast, good"),
        ("folder", "", "a path"),
    ],
)
def test_wrong_value_is_refused_with_its_source(field: str, text: str, advice: str) -> None:
    """The message names the setting, where it came from and what it takes."""
    with pytest.raises(SettingsError, match=f"studio.{field}.*here.*{advice}"):
        fill("here", **{field: text})


def test_secret_is_not_shown_when_refused() -> None:
    """A key that does not fit stays out of the message and of its causes."""
    with pytest.raises(SettingsError) as caught:
        fill(key=["canary"])

    error: BaseException | None = caught.value
    assert "canary" not in str(error)
    assert error is not None
    assert error.__cause__ is None


def test_wrong_name_is_refused_with_a_near_match() -> None:
    """A misspelt setting is told apart from an unknown one."""
    with pytest.raises(SettingsError, match="did you mean 'folder'"):
        fill(foldr="x")


def test_settings_of_an_engine_without_any_are_refused() -> None:
    """An engine that has no settings says so."""
    with pytest.raises(SettingsError, match="it has no settings"):
        fill_settings(None, "parrot", SettingsLayer.of({"rate": 1}, "argument"))


def test_value_refused_by_the_plugin_is_a_settings_error() -> None:
    """What the plugin's own dataclass refuses is told like any wrong setting."""
    with pytest.raises(SettingsError, match="rate must not be negative"):
        fill(rate=-1)


def test_the_first_layer_wins_and_each_source_is_recorded() -> None:
    """Argument before environment before file before default."""
    filled = fill_settings(
        Settings,
        "studio",
        SettingsLayer.of({"rate": 1}, "argument"),
        SettingsLayer.of({"rate": "2", "loud": "1"}, "environment"),
        SettingsLayer.of({"rate": 3, "loud": False, "mode": "good"}, "file"),
    )

    assert Settings(rate=1, loud=True, mode="good") == filled.value
    assert ["argument", "default", "environment", "file"] == [
        filled.sources[name] for name in ("rate", "gain", "loud", "mode")
    ]


def test_environment_names_engine_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """`UTTERLY_<ENGINE>_<FIELD>` sets a field, and the variable is the source."""
    monkeypatch.setenv("UTTERLY_STUDIO_RATE", "7")

    layer = environment_layer("studio")

    assert ({"rate": "7"}, {"rate": "UTTERLY_STUDIO_RATE"}) == (layer.values, layer.sources)


def test_variable_of_an_engine_with_a_longer_name_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`UTTERLY_STUDIO_FAST_RATE` belongs to `studio_fast`, not to `studio`."""
    monkeypatch.setenv("UTTERLY_STUDIO_FAST_RATE", "7")

    assert {} == environment_layer("studio", ("studio", "studio_fast")).values


def test_secret_prints_as_stars() -> None:
    """Neither `repr`, `str` nor formatting shows a secret."""
    secret = Secret("canary")

    assert ["***"] * 3 == [repr(secret), str(secret), f"{secret}"]
