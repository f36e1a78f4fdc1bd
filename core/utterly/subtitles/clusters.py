"""What a reader takes for one character, which no line break may cut."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NO_BREAK_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}"
_ZERO_WIDTH_JOINER = "\N{ZERO WIDTH JOINER}"
_VIRAMA = 9
"""Canonical combining class of the signs that join two consonants."""


def split_clusters(text: str) -> list[str]:
    """Cut text into grapheme clusters, with single spaces between words and none around them.

    Near enough to [UAX #29](https://www.unicode.org/reports/tr29/) for breaking lines: where the
    two differ, more is kept together here.

    Args:
        text: Anything. A lone no-break space is kept, all other white space becomes a space.

    Returns:
        The clusters; joined, they are the text up to white space.
    """
    clusters: list[str] = []
    for character in _SPACE.sub(_single_space, text.strip()):
        if clusters and _belongs_to(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _single_space(space: re.Match[str]) -> str:
    return space[0] if space[0] in _NO_BREAK_SPACES else " "


def _belongs_to(cluster: str, character: str) -> bool:
    """Whether a character continues the cluster before it."""
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") or character in "ำຳ":
        return True
    last = cluster[-1]
    if last == _ZERO_WIDTH_JOINER or unicodedata.combining(last) == _VIRAMA:
        return not character.isspace()
    if _is_regional_indicator(character):
        return len(cluster) == 1 and _is_regional_indicator(last)
    return _is_skin_tone(character) or _is_one_syllable(last, character)


def _is_regional_indicator(character: str) -> bool:
    """Half a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _is_one_syllable(before: str, character: str) -> bool:
    """Whether a letter of Korean belongs to the syllable of the one before it."""
    if "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb":
        return True  # a vowel or a final consonant
    leading = "\u1100" <= before <= "\u115f"
    return leading and ("\u1100" <= character <= "\u115f" or "\uac00" <= character <= "\ud7a3")
