"""Names of voices, and blends of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import UnsupportedError
from utterly_kokoro._voices import VOICES, check_language, read_blend

NAMES = tuple(VOICES)


def test_one_voice() -> None:
    """It has the whole share."""
    assert (("af_heart", 1.0),) == read_blend("af_heart", NAMES).parts


def test_blend_with_shares() -> None:
    """They add up to 1."""
    assert (("af_heart", 0.6), ("bf_emma", 0.4)) == read_blend(
        "af_heart:0.6+bf_emma:0.4", NAMES
    ).parts


def test_shares_are_relative() -> None:
    """Left out, a share is 1."""
    assert (("af_heart", 0.75), ("bf_emma", 0.25)) == read_blend("af_heart:3+bf_emma", NAMES).parts


def test_largest_share_decides_about_the_language() -> None:
    """The first one does where they are equal."""
    assert "b" == read_blend("af_heart:0.4+bf_emma:0.6", NAMES).letter
    assert "a" == read_blend("af_heart+bf_emma", NAMES).letter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "af_heat",
        "../af_heart",
        "/srv/af_heart.pt",
        "af_heart.pt",
        "voices/af_heart",
        "af_heart\n",
        "af_heart,bf_emma",
        "af_heart+",
        "+",
        "af_heart:",
        "af_heart:0",
        "af_heart:-1",
        "af_heart:nan",
        "af_heart:inf",
        "af_heart:much",
        "af_heart:0.5:0.5",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """A path is no voice, whatever the library thinks."""
    if text in ("af_heart\n", "af_heart:"):  # white space, and a share left out, are no harm
        assert "a" == read_blend(text, NAMES).letter
        return
    with pytest.raises(UnsupportedError):
        read_blend(text, NAMES)


def test_wrong_name_is_told_what_comes_near() -> None:
    """A slip is easily mended."""
    with pytest.raises(UnsupportedError, match="did you mean af_heart"):
        read_blend("af_hart", NAMES)


def test_known_voice_without_a_file() -> None:
    """It is said that it exists, but not here."""
    with pytest.raises(UnsupportedError, match="`utterly models pull kokoro` fetches it"):
        read_blend("af_bella", ("af_heart",))


@given(st.text())
def test_only_listed_names_pass(text: str) -> None:
    """Whatever is written, what comes out is in the list."""
    try:
        blend = read_blend(text, NAMES)
    except UnsupportedError:
        return

    assert {name for name, _ in blend.parts} <= set(NAMES)


@pytest.mark.parametrize(
    ("letter", "language"),
    [("a", "en"), ("a", "en-GB"), ("b", "en-us"), ("p", "pt"), ("z", "zh-Hans-CN"), ("j", "ja_JP")],
)
def test_voice_speaks_every_variety_of_its_language(letter: str, language: str) -> None:
    """The region does not matter."""
    check_language(letter, language)


@pytest.mark.parametrize(("letter", "language"), [("a", "de"), ("e", "pt"), ("j", "zh")])
def test_voice_does_not_read_another_language(letter: str, language: str) -> None:
    """It would be hard to understand."""
    with pytest.raises(UnsupportedError, match="the voice speaks"):
        check_language(letter, language)
