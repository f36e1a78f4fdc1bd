"""Tests of language matching."""

from __future__ import annotations

import pytest

from utterly import Voice
from utterly.languages import best_match, default_voice, match_language


@pytest.mark.parametrize(
    ("wanted", "offered", "rating"),
    [
        ("en-US", "en-us", 3),
        ("en_US", "en-US", 3),
        ("en-US", "en", 2),
        ("en", "en-GB", 1),
        ("en-US", "en-GB", 1),
        ("en", "de", 0),
        ("en", "eng", 0),
    ],
)
def test_match_is_rated_by_leading_subtags(wanted: str, offered: str, rating: int) -> None:
    """The same tag is best, a wider one good, another variety possible, the rest useless."""
    assert rating == match_language(wanted, offered)


def test_best_match_of_nothing_is_none() -> None:
    """An empty offer serves no language."""
    assert 0 == best_match("en", ())


def test_default_voice_is_the_first_of_the_best() -> None:
    """Among voices that serve a language equally well, the engine's order decides."""
    voices = [
        Voice("a", ("de",)),
        Voice("b", ("en-GB",)),
        Voice("c", ("en-US",)),
        Voice("d", ("en-US",)),
    ]

    assert voices[2] == default_voice(voices, "en-US")


def test_default_voice_never_speaks_another_language() -> None:
    """Where no voice speaks the language there is no default."""
    assert default_voice([Voice("a", ("de",))], "en") is None
