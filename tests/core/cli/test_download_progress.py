"""Tests of what is shown while a model is fetched."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly.cli.download_progress import DownloadProgress
from utterly.events import EngineLoaded, EngineLoading, EngineProgress
from utterly.progress import format_bytes

MEGABYTE = 1_000_000.0


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now


def follow(stream: io.StringIO, *steps: tuple[float, float], total: float | None) -> None:
    """Show progress: seconds since the beginning, and megabytes by then."""
    clock = Clock()
    progress = DownloadProgress(stream, clock)
    for seconds, done in steps:
        clock.now = 100.0 + seconds
        whole = None if total is None else total * MEGABYTE
        progress(EngineProgress("parrot", done * MEGABYTE, whole, "weights"))


def test_bar_tells_share_amount_rate_and_time_remaining(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal there is one line, written over and over."""
    monkeypatch.setenv("COLUMNS", "100")
    terminal = Terminal()

    follow(terminal, (0, 0), (10, 50), total=200)

    assert [
        "",
        "parrot: weights  [--------------------]  0%, 0 B of 200.0 MB",
        "parrot: weights  [#####---------------]  25%, 50.0 MB of 200.0 MB, 5.0 MB/s, 30 s left",
    ] == terminal.getvalue().split("\r")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (80, "parrot: weights  25%, 50.0 MB of 200.0 MB, 5.0 MB/s, 30 s left"),
        (60, "parrot:  25%, 50.0 MB of 200.0 MB, 5.0 MB/s, 30 s left"),
        (30, "parrot:  25%, 50.0 MB of 200.0"),
    ],
)
def test_narrow_terminal_shows_what_matters_most(
    monkeypatch: pytest.MonkeyPatch, columns: int, told: str
) -> None:
    """A line that is wrapped could not be written over; the numbers are the last to go."""
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal = Terminal()

    follow(terminal, (0, 0), (10, 50), total=200)

    assert told[: columns - 1] == terminal.getvalue().split("\r")[-1].rstrip()


def test_elsewhere_there_is_a_line_now_and_then() -> None:
    """A log is not flooded: one line every five seconds, and one at the end."""
    log = io.StringIO()

    follow(log, (0, 0), (1, 20), (4, 80), (6, 120), (7, 140), (8, 200), total=200)

    assert [
        "utterly: parrot: weights, 0%, 0 B of 200.0 MB",
        "utterly: parrot: weights, 60%, 120.0 MB of 200.0 MB, 20.0 MB/s, 4 s left",
        "utterly: parrot: weights, 100%, 200.0 MB of 200.0 MB, 25.0 MB/s",
    ] == log.getvalue().splitlines()


def test_resumed_download_is_not_taken_for_a_fast_one() -> None:
    """What was there before it began does not count for the rate."""
    log = io.StringIO()

    follow(log, (0, 150), (5, 160), total=200)

    assert "160.0 MB of 200.0 MB, 2.0 MB/s, 20 s left" in log.getvalue()


def test_download_that_hardly_moves_has_no_end_in_sight() -> None:
    """The rate is told, and no number of hours that changes by the minute."""
    log = io.StringIO()

    follow(log, (0, 0), (5, 0.001), total=200)

    assert log.getvalue().endswith("0%, 1.0 kB of 200.0 MB, 200 B/s\n")


def test_without_a_total_there_is_no_share() -> None:
    """What is known is shown."""
    log = io.StringIO()

    follow(log, (0, 0), (5, 10), total=None)

    assert "utterly: parrot: weights, 10.0 MB, 2.0 MB/s" == log.getvalue().splitlines()[-1]


def test_files_of_one_download_are_one_piece_of_work() -> None:
    """Their bytes count together, and a log is not flooded with their names."""
    log = io.StringIO()
    clock = Clock()
    progress = DownloadProgress(log, clock)

    for step in range(11):
        clock.now = 100.0 + step
        progress(EngineProgress("parrot", step * MEGABYTE, 10 * MEGABYTE, f"file {step}"))

    assert [
        "utterly: parrot: file 0, 0%, 0 B of 10.0 MB",
        "utterly: parrot: file 5, 50%, 5.0 MB of 10.0 MB, 1.0 MB/s, 5 s left",
        "utterly: parrot: file 10, 100%, 10.0 MB of 10.0 MB, 1.0 MB/s",
    ] == log.getvalue().splitlines()


@pytest.mark.parametrize(("engine", "total"), [("parrot", 2), ("songbird", 1), ("parrot", 1)])
def test_next_download_begins_anew(engine: str, total: int) -> None:
    """Another engine, another total or fewer bytes: it is shown at once, with a rate of its own."""
    log = io.StringIO()
    progress = DownloadProgress(log, Clock())

    progress(EngineProgress("parrot", MEGABYTE, MEGABYTE, "weights"))
    progress(EngineProgress(engine, 0, total * MEGABYTE, "voices"))

    told = f"utterly: {engine}: voices, 0%, 0 B of {total}.0 MB"
    assert told == log.getvalue().splitlines()[-1]


def test_end_is_told_once() -> None:
    """However long what comes after the last byte takes to say so."""
    log = io.StringIO()
    progress = DownloadProgress(log, Clock())

    for _ in range(3):
        progress(EngineProgress("parrot", MEGABYTE, MEGABYTE, "verifying"))

    assert ["utterly: parrot: verifying, 100%, 1.0 MB of 1.0 MB"] == log.getvalue().splitlines()


def test_note_without_a_number_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal shows it as it is, and no amount of nothing."""
    monkeypatch.setenv("COLUMNS", "100")
    terminal = Terminal()
    clock = Clock()
    progress = DownloadProgress(terminal, clock)
    clock.now += 1.0

    progress(EngineProgress("parrot", 0, None, "is on cpu, 3.2 s, 500 MB"))

    assert "\rparrot: is on cpu, 3.2 s, 500 MB" == terminal.getvalue()


def test_note_is_in_a_log_where_it_takes_long() -> None:
    """What is over in a moment is not worth a line."""
    log = io.StringIO()
    clock = Clock()
    progress = DownloadProgress(log, clock)

    for seconds in (0.0, 1.0, 6.0, 7.0):
        clock.now = 100.0 + seconds
        progress(EngineProgress("parrot", 0, None, "asking the hub"))

    assert ["utterly: parrot: asking the hub"] == log.getvalue().splitlines()


def test_loading_is_shown_on_a_terminal() -> None:
    """It takes seconds, and says nothing itself."""
    terminal = Terminal()

    DownloadProgress(terminal, Clock())(EngineLoading("parrot"))

    assert "\rparrot: loading" == terminal.getvalue()


def test_bar_can_be_taken_away() -> None:
    """Nothing of it stays behind what is written next."""
    terminal = Terminal()
    progress = DownloadProgress(terminal, Clock())
    progress(EngineProgress("parrot", 0, MEGABYTE, "weights"))
    shown = len(terminal.getvalue()) - 1

    progress.clear()

    assert terminal.getvalue().endswith(f"\r{' ' * shown}\r")


def test_other_events_are_not_shown_in_a_log() -> None:
    """It may be told everything."""
    log = io.StringIO()

    for event in (EngineLoading("parrot"), EngineLoaded("parrot", 1.0)):
        DownloadProgress(log, Clock())(event)

    assert "" == log.getvalue()


@given(
    done=st.floats(),
    total=st.none() | st.floats(),
    note=st.text(),
    make_stream=st.sampled_from([io.StringIO, Terminal]),
)
def test_whatever_an_engine_tells_is_one_line(
    done: float, total: float | None, note: str, make_stream: Callable[[], io.StringIO]
) -> None:
    """Numbers and notes come from plugins, and none of them disturbs the terminal."""
    stream = make_stream()
    clock = Clock()
    progress = DownloadProgress(stream, clock)

    for _ in range(2):
        progress(EngineProgress("parrot", done, total, note))
        clock.now += 1.0

    written = stream.getvalue().replace("\r", "\n").splitlines()
    assert all(line.isprintable() for line in written)
    assert len(written) <= 3


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (12_300_000, "12.3 MB"), (3.5e9, "3.5 GB")],
)
def test_bytes_have_the_unit_that_suits_them(count: float, told: str) -> None:
    """Thousands, as disks and networks are measured."""
    assert told == format_bytes(count)
