"""The sample sentences of the contract."""

from __future__ import annotations

import pytest

from utterly.testing.sentences import DIGITS, SENTENCES, sentence_in
from utterly.text import is_speakable, split_segments


@pytest.mark.parametrize("language", SENTENCES)
def test_sentence_is_one_short_segment(language: str) -> None:
    """Each is spoken in one go."""
    sentence = SENTENCES[language]

    assert is_speakable(sentence)
    assert len(sentence) <= 50
    assert [sentence] == [segment.text for segment in split_segments(sentence, language)]


@pytest.mark.parametrize("language", ["pt", "pt-BR", "PT_br"])
def test_region_makes_no_difference(language: str) -> None:
    """Varieties share the sentence of their language."""
    assert SENTENCES["pt"] == sentence_in(language)


def test_unknown_language_counts() -> None:
    """Digits can be read in every language."""
    assert DIGITS == sentence_in("qqq")
