"""Tests of when cues come and go."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import SpokenSegment, Word
from utterly.subtitles import Cue, make_cues

LONG = (
    "When the orchestrator has found that the first engine of the chain fails,"
    " it asks the next one."
)
SECOND = "it asks the next one."


def spoken(
    text: str, start: float, end: float, *words: tuple[str, float, float], engine: str = "first"
) -> SpokenSegment:
    """A segment with its words."""
    return SpokenSegment(text, start, end, engine, "anna", tuple(Word(*word) for word in words))


def evenly(text: str, start: float, each: float) -> list[tuple[str, float, float]]:
    """Words of one length, as an engine would give them."""
    words = text.split()
    return [(w, start + i * each, start + (i + 1) * each) for i, w in enumerate(words)]


def times(*segments: SpokenSegment) -> list[tuple[float, float]]:
    """When each cue comes and goes."""
    return [(cue.start, cue.end) for cue in make_cues(segments)]


def test_segment_that_fits_is_one_cue() -> None:
    """It has the times of the segment where the engine knows no words."""
    segments = [spoken("One two three.", 0.5, 2.0), spoken("Four five six.", 2.25, 3.75)]

    assert (Cue(0.5, 2.0, ("One two three.",)), Cue(2.25, 3.75, ("Four five six.",))) == make_cues(
        segments
    )


def test_cue_begins_and_ends_with_its_words() -> None:
    """Silence around the words is not theirs."""
    segment = spoken("One two three.", 1.0, 4.0, ("One", 1.2, 1.5), ("three", 2.4, 3.0))

    assert [(1.2, 3.0)] == times(segment)


def test_cues_of_a_segment_are_where_the_words_are() -> None:
    """Each begins at its first word and ends at its last one."""
    words = evenly(LONG, 1.0, 0.25)
    pause = [(w, a + 2, b + 2) if i >= 13 else (w, a, b) for i, (w, a, b) in enumerate(words)]

    assert ["it", "one."] == [pause[13][0], pause[-1][0]]
    assert [(1.0, 4.25), (6.25, 7.5)] == times(spoken(LONG, 1.0, 8.0, *pause))


def test_cues_share_the_time_by_letters_where_there_are_no_words() -> None:
    """The second begins when its share of the letters has."""
    letters = sum(map(str.isalpha, LONG))
    share = sum(map(str.isalpha, LONG.removesuffix(SECOND))) / letters

    (first, second) = times(spoken(LONG, 2.0, 12.0))
    assert (2.0, 12.0) == (first[0], second[1])
    assert pytest.approx(2.0 + 10.0 * share, abs=0.001) == first[1] == second[0]


FOUND = [
    pytest.param("it", "IT", id="case"),
    pytest.param("it", "it,", id="punctuation"),
    pytest.param("it", "\uff49\uff54", id="width"),
    pytest.param("of the chain", "of_the_chain", id="several words at once"),
    pytest.param("has found", "has detected", id="another word"),
    pytest.param("orchestrator has", "1 2 3 4 5 6 7", id="other words"),
    pytest.param("the chain", "the ... chain", id="no letters"),
    pytest.param("chain fails,", "", id="words left out"),
    pytest.param(LONG[5:62], "1234567890 " * 5, id="many other words"),
    pytest.param("orchestrator", "orches trator", id="parts of words"),
]


@pytest.mark.parametrize(("written", "read"), FOUND)
def test_words_are_found_however_the_engine_writes_them(written: str, read: str) -> None:
    """A cue begins at its first word though the engine's text is not quite the caller's."""
    words = evenly(LONG.replace(written, read), 1.0, 0.25)
    words = [(text.replace("_", " "), start, end - 0.05) for text, start, end in words]
    start = next(a for text, a, _ in words if text in ("it", "IT", "it,", "\uff49\uff54"))

    assert start == times(spoken(LONG, 1.0, 9.0, *words))[1][0]


def test_accents_make_no_difference() -> None:
    """Composed or not, a word is found."""
    assert [(1.5, 3.0)] == times(spoken("Élan", 1.0, 4.0, ("E\u0301lan", 1.5, 3.0)))


def test_a_word_inside_another_is_not_found() -> None:
    """`one` is not taken for the end of `someone`."""
    segment = spoken("Someone has one.", 1.0, 5.0, ("one", 4.0, 4.5))

    assert [(1.0, 4.5)] == times(segment)


def test_words_out_of_order_and_out_of_the_segment_do_no_harm() -> None:
    """An engine that is wrong about its times cannot move a cue out of its segment."""
    segment = spoken("One two.", 2.0, 4.0, ("One", 0.5, 9.0), ("two", 3.0, 3.5))

    assert [(2.0, 4.0)] == times(segment)


def test_characters_of_a_script_without_spaces_are_words() -> None:
    """A Japanese cue begins with its first character that the engine timed."""
    text = (
        "吾輩は猫である。名前はまだ無い、どこで生れたか頓と見当がつかぬ。何でも薄暗い所で泣いた。"
    )
    timed = ("吾輩", 1.0, 1.5), ("つかぬ", 7.0, 7.5), ("何でも", 8.0, 8.2), ("泣いた", 11.0, 12.0)

    assert [(1.0, 7.5), (8.0, 12.0)] == times(spoken(text, 0.5, 12.5, *timed))


def test_short_cue_stays_half_a_second_into_silence() -> None:
    """It can be read, and its start is not moved."""
    assert [(1.0, 1.7), (3.0, 4.0)] == times(spoken("No.", 1.0, 1.2), spoken("Oh well.", 3.0, 3.6))


def test_short_cue_goes_when_the_next_comes() -> None:
    """No two cues are up at once."""
    assert [(1.0, 1.3), (1.3, 3.0)] == times(spoken("No.", 1.0, 1.2), spoken("Oh well.", 1.3, 3.0))


@pytest.mark.parametrize(("gap", "end"), [(0.082, 2.082), (0.084, 2.0)])
def test_gap_that_would_flicker_is_closed(gap: float, end: float) -> None:
    """Less than two frames between cues are not seen as a pause."""
    segments = spoken("One.", 0.0, 2.0), spoken("Two.", 2.0 + gap, 5.0)

    assert end == times(*segments)[0][1]


def test_what_nobody_spoke_has_no_cue() -> None:
    """It was not heard."""
    assert [(2.0, 4.0)] == times(spoken("Lost.", 0.0, 2.0, engine=""), spoken("Spoken.", 2.0, 4.0))


def test_cue_of_punctuation_shares_the_time_too() -> None:
    """Text without letters is divided by its characters."""
    cues = make_cues([spoken("!" * 168, 0.0, 8.0)])

    assert [84, 84] == [len("".join(cue.lines)) for cue in cues]
    assert [(0.0, 4.0), (4.0, 8.0)] == [(cue.start, cue.end) for cue in cues]


seconds = st.floats(0, 400_000)
words = st.lists(
    st.tuples(st.text(max_size=6) | st.sampled_from(["it", "one", "the", "漢"]), seconds, seconds),
    max_size=8,
)
segments = st.builds(
    lambda text, borders, found, engine: spoken(
        text,
        min(borders),
        max(borders),
        *((w, min(a, b), max(a, b)) for w, a, b in found),
        engine=engine,
    ),
    st.text(max_size=60) | st.sampled_from([LONG, "one the " * 40, "漢字。" * 30]),
    st.tuples(seconds, seconds),
    words,
    st.sampled_from(["first", "second", ""]),
)


@given(st.lists(segments, max_size=5))
def test_cues_are_in_order_and_never_empty(spoken_segments: list[SpokenSegment]) -> None:
    """Whatever an engine says, no cue overlaps another or takes less than a millisecond."""
    cues = make_cues(spoken_segments)
    milliseconds = [(round(cue.start * 1000), round(cue.end * 1000)) for cue in cues]

    assert all(start < end for start, end in milliseconds)
    assert all(before[1] <= after[0] for before, after in pairwise(milliseconds))


@given(st.lists(segments, max_size=5))
def test_no_word_is_lost(spoken_segments: list[SpokenSegment]) -> None:
    """What is shown is what was spoken, up to white space."""
    shown = "".join(line for cue in make_cues(spoken_segments) for line in cue.lines)
    said = "".join(segment.text for segment in spoken_segments if segment.engine)

    assert "".join(said.split()) == "".join(shown.split())


@given(segments)
def test_no_line_is_blank(segment: SpokenSegment) -> None:
    """A blank line would end a cue in a file."""
    lines = [line for cue in make_cues([segment]) for line in cue.lines]

    assert [] == [line for line in lines if not line.strip() or line != line.strip()]
