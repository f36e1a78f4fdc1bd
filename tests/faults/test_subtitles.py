"""Subtitles of a chain that fails over: what is shown is what is heard, when it is heard."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from math import inf

import pytest

from utterly import Policy, Speaker, Speech, UnsupportedError
from utterly.subtitles import make_cues
from utterly.testing import Fault, Heard, ScriptedEngine, hear

InstallEngine = Callable[..., ScriptedEngine]

SENTENCES = [
    f"This is sentence number {number}, which is rather too long for two lines of subtitles,"
    " and therefore becomes several."
    if number % 4 == 3
    else f"Sentence {number}."
    for number in range(12)
]
EXACT = 0.02


def refuse(*texts: str) -> list[Fault]:
    """Break off in some texts, in a way that leaves the engine's health alone."""
    error = UnsupportedError("not this one")
    return [Fault("after_audio", error=error, after=0.1, text=text) for text in texts]


@pytest.fixture
def speech(install: InstallEngine) -> Speech:
    """A speech by three engines, of which the first fails in every third sentence."""
    install("first", *refuse(*SENTENCES[::3]), sample_rate=22_050, seconds=0.7)
    install("second", *refuse(*SENTENCES[::6]), sample_rate=24_000, seconds=1.3)
    install("third", sample_rate=48_000)
    with Speaker("first,second,third", policy=Policy(switch_back="segment")) as speaker:
        return speaker.say(" ".join(SENTENCES))


@pytest.fixture
def tones(speech: Speech) -> tuple[Heard, ...]:
    """What is heard in it."""
    return hear(speech.samples, speech.sample_rate, SENTENCES)


def test_chain_is_what_it_is_said_to_be(speech: Speech, tones: tuple[Heard, ...]) -> None:
    """Every sentence is heard whole, and all three engines speak."""
    assert SENTENCES == [tone.text for tone in tones if tone.complete]
    assert ["third", "first", "first", "second"] * 1 == [s.engine for s in speech.segments[:4]]


def test_guarantee_10_subtitles_are_where_the_speech_is(
    speech: Speech, tones: tuple[Heard, ...]
) -> None:
    """Guarantee 10, one timeline: each sentence is shown from its first to its last sound.

    A cue of less than a second stays up for half a second more, until the next one at most.
    """
    starts = [tone.start for tone in tones]
    for tone, following, segment in zip(tones, [*starts[1:], inf], speech.segments, strict=True):
        cues = [c for c in make_cues(speech.segments) if "".join(c.lines) and _of(c, segment)]
        readable = max(tone.end, min(cues[-1].start + 1.0, tone.end + 0.5))
        assert pytest.approx(tone.start, abs=EXACT) == cues[0].start
        assert pytest.approx(min(readable, following), abs=EXACT) == cues[-1].end
