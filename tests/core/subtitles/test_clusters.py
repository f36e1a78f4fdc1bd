"""Tests of what a line break may not cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.subtitles.clusters import split_clusters


@pytest.mark.parametrize(
    "cluster",
    [
        "e\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}",
        "👩🏽\N{ZERO WIDTH JOINER}🚒",
        "👨\N{ZERO WIDTH JOINER}👩\N{ZERO WIDTH JOINER}👧",
        "❤\N{VARIATION SELECTOR-16}",
        "1\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}",
        "🇫🇷",
        "क्षि",
        "น้ำ",
        "\u1100\u1161\u11a8",
        "\u1100\uac00",
    ],
)
def test_one_character_to_a_reader_is_one_cluster(cluster: str) -> None:
    """Marks, joined emoji, flags, conjuncts and syllables stay whole between letters."""
    assert ["a", cluster, "b"] == split_clusters(f"a{cluster}b")


def test_flags_are_pairs() -> None:
    """Four regional indicators are two flags."""
    assert ["🇫🇷", "🇩🇪"] == split_clusters("🇫🇷🇩🇪")


def test_white_space_is_one_space() -> None:
    """Line ends, tabs and runs of spaces are spaces between words."""
    assert ["a", " ", "b", " ", "c"] == split_clusters(" a\r\n\t b\u2028\x85c\n")


def test_joiner_joins_no_space() -> None:
    """A word that ends in a joiner is still a word of its own."""
    assert ["a\N{ZERO WIDTH JOINER}", " ", "b"] == split_clusters("a\N{ZERO WIDTH JOINER} b")


def test_no_break_space_is_kept() -> None:
    """A space that holds two words together still does."""
    assert "10\N{NO-BREAK SPACE}kg" == "".join(split_clusters("10\N{NO-BREAK SPACE}kg"))


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    """Joined, the clusters are the text up to white space."""
    assert "".join(text.split()) == "".join("".join(split_clusters(text)).split())
