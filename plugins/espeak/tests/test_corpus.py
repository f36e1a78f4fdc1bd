"""What people write, in many languages, is spoken and passes every check of the audio."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from utterly import Speaker, Speech

_CORPUS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("corpus.toml").read_text("utf-8")
)
_KINDS = {
    "sentence",
    "word",
    "number",
    "address",
    "abbreviation",
    "emoji",
    "capitals",
    "letter",
    "quotation",
}
_ONE_SENTENCE = ("sentence", "word", "emoji", "capitals", "letter", "quotation")

each_language = pytest.mark.parametrize("language", _CORPUS)


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    """A speaker for which nobody may stand in."""
    with Speaker("espeak", strict=True) as speaker:
        yield speaker


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _account(speech: Speech) -> tuple[str, bool, set[str], set[tuple[str, ...]]]:
    """The letters that were spoken, whether anything was lost, the warnings, and the errors."""
    return (
        _letters("".join(segment.text for segment in speech.segments)),
        speech.degraded,
        {warning for segment in speech.segments for warning in segment.warnings},
        {tuple(attempt.error for attempt in segment.attempts) for segment in speech.segments},
    )


@each_language
def test_every_text_is_spoken_at_the_first_attempt(speaker: Speaker, language: str) -> None:
    """Digits, addresses, abbreviations, emoji and single letters are whole, without a warning."""
    for text in _CORPUS[language].values():
        speech = speaker.say(text, language=language)

        assert (_letters(text), False, set(), {("",)}) == _account(speech)
        assert speech.duration > 0


@each_language
@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_no_speed_is_too_fast_for_the_shortest_plausible_time(
    speaker: Speaker, language: str, speed: float
) -> None:
    """Texts long enough to be measured pass at the lowest and at the highest speed."""
    for text in _CORPUS[language].values():
        speech = speaker.say(text, language=language, speed=speed)

        assert (_letters(text), False, set(), {("",)}) == _account(speech)


@each_language
def test_one_sentence_is_one_segment(speaker: Speaker, language: str) -> None:
    """Emoji, capitals and quotation marks do not cut a sentence in two."""
    for kind in _ONE_SENTENCE:
        speech = speaker.say(_CORPUS[language][kind], language=language)

        assert [_CORPUS[language][kind]] == [segment.text for segment in speech.segments]


def test_corpus_has_every_kind_of_text_in_thirty_languages() -> None:
    """Each sentence is long enough for its time to be measured."""
    assert len(_CORPUS) >= 30
    for texts in _CORPUS.values():
        assert texts.keys() == _KINDS
        assert len(_letters(texts["sentence"])) >= 20
