"""Parts of the studio by themselves: the waveform, the feed, visitors, the shared speaker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import AsyncSpeaker
from utterly.studio.feed import MOST_NOTES, MOST_WAITING, Feed
from utterly.studio.resident import ResidentSpeaker
from utterly.studio.visitors import MOST_VISITORS, Visitors
from utterly.studio.waveform import PEAKS_PER_SECOND, Waveform, read_waveform
from utterly.testing import ScriptedEngine, tone

InstallEngine = Callable[..., ScriptedEngine]
RATE = 24_000


@given(st.lists(st.integers(0, 5_000), max_size=20))
def test_waveform_is_the_same_however_audio_comes(lengths: list[int]) -> None:
    """Where one piece ends and the next begins leaves no trace in it."""
    samples = np.sin(np.arange(sum(lengths)) / 50).astype(np.float32)
    at_once, in_pieces = Waveform(RATE), Waveform(RATE)
    at_once.add(samples)
    for piece in np.split(samples, np.cumsum(lengths[:-1])) if lengths else []:
        in_pieces.add(piece)
    for waveform in (at_once, in_pieces):
        waveform.end()

    assert at_once.peaks == in_pieces.peaks
    assert -(-len(samples) * PEAKS_PER_SECOND // RATE) == len(at_once.peaks)


def test_waveform_of_a_file_is_that_of_its_audio(tmp_path: Path) -> None:
    """A dubbed track is drawn from its file."""
    import soundfile

    samples = tone("Hello.", seconds=1.0)
    soundfile.write(tmp_path / "tone.wav", samples, RATE)
    expected = Waveform(RATE)
    expected.add(samples)

    frames, waveform = read_waveform(tmp_path / "tone.wav")

    assert (RATE, expected.peaks) == (frames, waveform.peaks)


def test_every_page_is_told_everything_in_order() -> None:
    """Two pages of one visitor show the same."""

    async def follow() -> list[list[int]]:
        feed = Feed()
        with feed.follow() as first, feed.follow() as second:
            for number in range(3):
                feed.publish({"number": number})
            feed.close()
            return [[m["number"] async for m in page if m] for page in (first, second)]

    assert [[0, 1, 2]] * 2 == asyncio.run(follow())


def test_page_that_does_not_read_is_cut_off() -> None:
    """It costs no memory without end, and sees that it has to come again."""

    async def neglect() -> int:
        feed = Feed()
        with feed.follow() as page:
            for number in range(3 * MOST_WAITING):
                feed.publish({"number": number})
            return len([message async for message in page])

    assert MOST_WAITING == asyncio.run(neglect())


def test_only_the_last_notes_are_kept() -> None:
    """A page that comes later reads these."""
    feed = Feed()
    for number in range(2 * MOST_NOTES):
        feed.publish({"number": number}, keep=True)

    assert list(range(MOST_NOTES, 2 * MOST_NOTES)) == [note["number"] for note in feed.notes]


def test_longest_away_makes_room() -> None:
    """There is a limit to visitors, and who is there is not sent away."""
    visitors = Visitors()
    first, second = visitors.admit()[0], visitors.admit()[0]
    for _ in range(MOST_VISITORS - 2):
        visitors.admit()

    async def come() -> bool:
        with first.feed.follow():
            _newcomer, leaving = visitors.admit()
            return leaving is second

    assert asyncio.run(come())
    assert (first, None) == (visitors.find(first.token), visitors.find(second.token))


def test_speaker_is_kept_for_who_is_there_and_closed_afterwards(install: InstallEngine) -> None:
    """It is the same one meanwhile, and another one for the next visitor."""
    install("first")

    async def come_and_go() -> tuple[bool, bool]:
        resident = ResidentSpeaker(lambda: AsyncSpeaker("first", unload="never"), 0.0)
        with resident.presence():
            with resident.in_use() as first:
                pass
            for _ in range(10):
                await asyncio.sleep(0)  # whatever was to happen with nobody there happens now
            with resident.in_use() as second:
                pass
        await asyncio.sleep(0.01)
        with resident.in_use() as third:
            pass
        await resident.close()
        return first is second, first is third

    assert (True, False) == asyncio.run(come_and_go())


@pytest.mark.parametrize("language", ["de-AT", "en", "xx", "zh-CN"])
def test_there_is_a_sample_for_every_language(language: str) -> None:
    """In English where we have none."""
    from utterly.studio.samples import sample_sentence

    assert sample_sentence(language)
    assert (language == "xx") == (
        sample_sentence(language) == sample_sentence("en") and language != "en"
    )
