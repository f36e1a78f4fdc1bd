"""Hostile texts, each through a chain: no error, no loss, and blank ones succeed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.core.hostile_texts import HOSTILE_TEXTS

from utterly import Speaker
from utterly.testing import ScriptedEngine
from utterly.text import is_speakable, split_segments

InstallEngine = Callable[..., ScriptedEngine]


def test_there_are_two_hundred() -> None:
    """The list does not shrink."""
    assert 200 <= len(HOSTILE_TEXTS)


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_spoken_whole(install: InstallEngine, text: str) -> None:
    """Every segment is spoken, in a language that the engine has; blank text is a success."""
    engine = install("first", languages=("en", "de", "ar", "zh"), seconds=0.02, longest_segment=300)

    with Speaker("first") as speaker:
        speech = speaker.say(text)

    spoken = [request.text for request in engine.requests]
    assert "complete" == speech.status
    assert len(spoken) == len(speech.segments)
    assert all(is_speakable(text) and len(text) <= 300 for text in spoken)
    assert is_speakable(text.translate(_FILLERS)) == bool(spoken)


_FILLERS = dict.fromkeys([0x115F, 0x1160, 0x3164, 0xFFA0])
"""Letters to Unicode, but invisible."""


@pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_cut_without_loss(text: str) -> None:
    """The original is there, every letter and digit of it."""
    sources = [segment.source for segment in split_segments(text, "en")]

    plain = text.translate(_FILLERS)
    kept = "".join(source.text for source in sources).translate(_FILLERS)
    assert [c for c in plain if c.isalnum()] == [c for c in kept if c.isalnum()]
    assert [text[source.start : source.end] for source in sources] == [s.text for s in sources]
