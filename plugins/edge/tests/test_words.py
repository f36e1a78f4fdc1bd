"""The service's words, found in the text and put in order."""

from __future__ import annotations

from utterly import Word
from utterly_edge._words import WordTracker


def test_words_never_go_back() -> None:
    """The service sometimes has one begin a little before the one in front of it."""
    tracker = WordTracker("One two.")
    tracker.follow("One", 1.0, 0.5)
    tracker.follow("two", 0.9, 0.5)

    assert (Word("One", 1.0, 1.5), Word("two", 1.0, 1.5)) == tracker.finish(9.0)


def test_no_word_is_later_than_the_audio() -> None:
    """Times are those of the audio, which may be a little shorter than was said."""
    tracker = WordTracker("One two.")
    tracker.follow("One", 0.0, 0.5)
    tracker.follow("two", 1.2, 0.5)

    assert (Word("One", 0.0, 0.5), Word("two", 1.0, 1.0)) == tracker.finish(1.0)


def test_word_that_is_not_in_the_text_is_left_out() -> None:
    """As is one that was named before: subtitles show the text."""
    tracker = WordTracker("One two.")
    for word in ("One", "uno", "", "One", "two"):
        tracker.follow(word, 0.0, 0.5)

    assert ["One", "two"] == [word.text for word in tracker.finish(9.0)]


def test_words_are_given_out_when_they_are_over() -> None:
    """Each once."""
    tracker = WordTracker("One two.")
    tracker.follow("One", 0.0, 0.5)
    tracker.follow("two", 0.6, 0.5)
    taken = [tracker.take(0.4), tracker.take(0.5), tracker.take(0.9), tracker.take(1.1)]

    assert [[], ["One"], [], ["two"]] == [[word.text for word in words] for words in taken]
