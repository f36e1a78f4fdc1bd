"""Tests of breaking text into cues of one or two lines."""

# ruff: noqa: RUF001  # some characters of other scripts look like Latin ones

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.subtitles.breaks import LINE_WIDTH, NARROW, WIDE, cluster_width
from utterly.subtitles.clusters import split_clusters
from utterly.subtitles.lines import break_lines

WORDS = """
    word and the a it, so: (yes) — – « » ! ... “ ” 漢字 かな カタカナ 、 。 「 」 ー っ １２ 한국어
    ก เ น้ำ שלום مرحبا ، क्षि 🇫🇷
"""
SPACES = [" ", "  ", "\n", "\r\n\n", "\t", "\N{NO-BREAK SPACE}", "\u2028", "\x85"]
ODD = ["\N{RIGHT-TO-LEFT MARK}", "\N{ZERO WIDTH JOINER}", "\N{COMBINING ACUTE ACCENT}", "\ud83d"]
LONG = ["x" * 300, "漢" * 50, "👩🏽\N{ZERO WIDTH JOINER}🚒" * 20]
pieces = st.sampled_from([*WORDS.split(), *SPACES, *ODD, *LONG, "\x00", "\x1b"])
texts = st.text() | st.lists(pieces | st.text(max_size=5)).map("".join)


def lay_out(text: str) -> list[list[str]]:
    """The lines of each cue."""
    clusters = split_clusters(text)
    return [["".join(clusters[slice(*span)]) for span in cue] for cue in break_lines(clusters)]


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        pytest.param("Hello, world.", [["Hello, world."]], id="one line where it fits"),
        pytest.param(
            "Nobody called again but some unknown people came anyway.",
            [["Nobody called again", "but some unknown people came anyway."]],
            id="before a conjunction",
        ),
        pytest.param(
            "He looked everywhere, yet he could not find it.",
            [["He looked everywhere,", "yet he could not find it."]],
            id="after punctuation",
        ),
        pytest.param(
            "“Why should we go now?” nobody in the room could tell.",
            [["“Why should we go now?”", "nobody in the room could tell."]],
            id="after a quotation",
        ),
        pytest.param(
            "Yes, nobody here knows what happened that night.",
            [["Yes, nobody here knows", "what happened that night."]],
            id="no orphan",
        ),
        pytest.param(
            "Nevertheless, everybody present expected something completely different"
            " happening every morning.",
            [
                ["Nevertheless, everybody", "present expected something"],
                ["completely different", "happening every morning."],
            ],
            id="no orphan in the first of two cues",
        ),
        pytest.param(
            "word " * 24,
            [["word word word word word word"] * 2] * 2,
            id="cues of like length",
        ),
        pytest.param(
            "Somebody really should open every single window today.",
            [["Somebody really should", "open every single window today."]],
            id="heavier at the bottom",
        ),
        pytest.param(
            "Somebody was hiding the marvellous golden bell.",
            [["Somebody was hiding", "the marvellous golden bell."]],
            id="article with its noun",
        ),
        pytest.param(
            "When the orchestrator has found that the first engine of the chain fails,"
            " it asks the next one.",
            [
                [
                    "When the orchestrator has found",
                    "that the first engine of the chain fails,",
                ],
                ["it asks the next one."],
            ],
            id="cues end with clauses",
        ),
        pytest.param(
            "Il répondit alors : « Je ne sais vraiment pas » !",
            [["Il répondit alors :", "« Je ne sais vraiment pas » !"]],
            id="French marks with their spaces",
        ),
        pytest.param(
            "Les enfants crièrent « Bonjour madame Dupont »",
            [["Les enfants crièrent", "« Bonjour madame Dupont »"]],
            id="French quotes with their words",
        ),
        pytest.param(
            "吾輩は猫である。名前はまだ無い、どこで生れたか頓と見当がつかぬ。",
            [["吾輩は猫である。名前はまだ無い、", "どこで生れたか頓と見当がつかぬ。"]],
            id="Japanese clauses",
        ),
        pytest.param(
            "東京都庁舎の展望室からは富士山や東京湾まで見渡せる。",
            [["東京都庁舎の展望室からは", "富士山や東京湾まで見渡せる。"]],
            id="Japanese phrases",
        ),
        pytest.param(
            "على الرغم من المطر، خرجنا إلى السوق القديم في المدينة.",
            [["على الرغم من المطر،", "خرجنا إلى السوق القديم في المدينة."]],
            id="Arabic comma",
        ),
        pytest.param(
            "이 문장은 자막의 줄이 어디에서 끊어지는지 보여 준다.",
            [["이 문장은 자막의 줄이", "어디에서 끊어지는지 보여 준다."]],
            id="Korean at spaces",
        ),
        pytest.param(
            "She opened the door—nobody had been there for years.",
            [["She opened the door—", "nobody had been there for years."]],
            id="after a dash without spaces",
        ),
    ],
)
def test_lines_break_as_subtitlers_break_them(text: str, cues: list[list[str]]) -> None:
    """After punctuation, before conjunctions, in even lines, and nothing short alone."""
    assert cues == lay_out(text)


@given(texts)
def test_no_text_is_lost(text: str) -> None:
    """Joined, the lines are the text up to white space."""
    joined = "".join(line for cue in lay_out(text) for line in cue)

    assert "".join(text.split()) == "".join(joined.split())


@given(texts)
def test_cues_have_at_most_two_lines_that_fit(text: str) -> None:
    """No line is wider than 42 letters or 16 wide characters."""
    for cue in lay_out(text):
        assert 1 <= len(cue) <= 2
        assert all(sum(map(cluster_width, split_clusters(line))) <= LINE_WIDTH for line in cue)


@given(texts)
def test_no_cluster_is_cut(text: str) -> None:
    """Emoji, marks and syllables are in one line."""
    whole = [cluster for cluster in split_clusters(text) if cluster != " "]
    clusters = split_clusters(text)
    spans = [span for cue in break_lines(clusters) for span in cue]
    kept = [c for span in spans for c in clusters[slice(*span)] if c != " "]

    assert whole == kept


def _atoms(*atoms: str) -> st.SearchStrategy[list[str]]:
    """Enough pieces for several lines."""
    return st.lists(st.sampled_from(atoms), min_size=20, max_size=60)


@given(_atoms("漢", "か", "カー", "きゃ", "漢、", "「か", "か」", "「漢。」", "１２ｍ"))
def test_no_japanese_line_begins_or_ends_badly(atoms: list[str]) -> None:
    """Closing marks and small kana begin none, an opening bracket or half a number ends none."""
    lines = [line for cue in lay_out("".join(atoms)) for line in cue]

    assert [] == [line for line in lines if line[0] in "ーゃ、。」" or line[-1] in "「１"]


@given(_atoms("กา", "เก", "แม", "น้ำ", "ระ", "ไม", "กรุงฯ"))
def test_no_thai_syllable_is_cut(atoms: list[str]) -> None:
    """A vowel stays with the consonant that it is written around."""
    lines = [line for cue in lay_out("".join(atoms)) for line in cue]

    assert [] == [line for line in lines if line[0] in "าะฯ" or line[-1] in "เแไ"]


@given(_atoms("대한민국헌법", "국민주권주의를", "천명하고있으며", "민주주의", "기본"))
def test_no_korean_word_is_cut(words: list[str]) -> None:
    """Korean is as wide as Chinese but has spaces."""
    lines = [line for cue in lay_out(" ".join(words)) for line in cue]

    assert words == " ".join(lines).split()


def test_limits_are_those_of_the_guides() -> None:
    """42 letters, or 16 wide characters."""
    assert [["a" * 42]] == lay_out("a" * 42)
    assert [["漢" * 16]] == lay_out("漢" * 16)
    assert 42 * NARROW == 16 * WIDE == LINE_WIDTH


def test_a_word_too_long_for_a_line_is_cut() -> None:
    """Three hundred letters without a space take eight lines."""
    cues = lay_out("x" * 300)

    assert ([2] * 4, 300) == ([len(cue) for cue in cues], len("".join(chain.from_iterable(cues))))


def test_abbreviation_is_no_end_of_a_clause() -> None:
    """A full stop within a segment is not a place to break."""
    assert [["The letter was written", "by Mrs. Smith of the tiny village."]] == lay_out(
        "The letter was written by Mrs. Smith of the tiny village."
    )


@pytest.mark.parametrize("text", ["", " \n\t", "\u2028"])
def test_blank_text_has_no_cue(text: str) -> None:
    """There is nothing to show."""
    assert [] == lay_out(text)
