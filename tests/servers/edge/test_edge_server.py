"""The server itself: what it refuses, and that a person can start it."""

from __future__ import annotations

import pytest
from tests.servers.edge import FAULTS, LIST_FAULTS, EdgeServer
from tests.servers.edge.frames import read_ssml

GOOD = (
    "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='en-US'>"
    "<voice name='V'><prosody pitch='+0Hz' rate='+0%' volume='+0%'>Hello &amp; more</prosody>"
    "</voice></speak>"
)


def test_reads_one_voice_and_one_prosody() -> None:
    """With the text in it."""
    spoken = read_ssml(GOOD)

    assert ("V", "Hello & more", 1.0, 0) == (
        spoken.voice,
        spoken.text,
        spoken.speed,
        spoken.pitch_shift,
    )


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("name='V'>", "name='V'/><voice name='W'>"),
        ("Hello", "<break time='1s'/>Hello"),
        ("+0%", "+99999%"),
        ("+0Hz", "high"),
        ("&amp;", "&"),
    ],
)
def test_refuses_other_markup(part: str, other: str) -> None:
    """What would be obeyed by the service must not reach it."""
    with pytest.raises(ValueError, match=r"."):
        read_ssml(GOOD.replace(part, other, 1))


def test_unknown_fault_is_refused() -> None:
    """A misspelt switch would test nothing."""
    with EdgeServer() as server, pytest.raises(ValueError, match="close_mid_stream"):
        server.fail("close_mid_steam")


def test_every_fault_is_described() -> None:
    """The list is what a person reads."""
    assert all((FAULTS | LIST_FAULTS).values())
