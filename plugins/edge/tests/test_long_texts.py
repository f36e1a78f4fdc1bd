"""Long texts: every word once, in order, and its time where it is heard."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.servers.edge import EdgeServer, hear_tones, pitch_of, spoken_words

from utterly import Speaker
from utterly_edge import _synthesis
from utterly_edge._text import split

WITHIN = 0.02
"""Seconds that a word's time may be off."""

VOCABULARY = [
    "river",
    "stone",
    "light",
    "morning",
    "garden",
    "window",
    "letter",
    "summer",
    "travel",
    "paper",
]


def _sentences(words: int, each: int = 10) -> str:
    """Text of so many words."""
    chosen = [VOCABULARY[(7 * index + index // 10) % 10] for index in range(words)]
    groups = [chosen[start : start + each] for start in range(0, words, each)]
    return " ".join(f"{' '.join(group).capitalize()}." for group in groups)


def _assert_heard(samples: Any, rate: int, words: Any, text: str) -> None:
    """Each word is heard once, in order, when it is said to be."""
    expected = spoken_words(text)
    tones = hear_tones(samples, rate)

    assert expected == [word.text for word in words]
    assert [pitch_of(word) for word in expected] == [tone.pitch for tone in tones]
    assert all(first.start <= second.start for first, second in pairwise(words))
    off = [abs(word.start - tone.start) for word, tone in zip(words, tones, strict=True)]
    assert max(off) < WITHIN


def test_words_are_timed_across_turns(say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One segment in several messages: the encoder's silence of each is taken off."""
    monkeypatch.setattr(_synthesis, "split", lambda text: split(text, 100))
    text = _sentences(60)
    spoken = say(text)

    _assert_heard(spoken.samples, 24_000, spoken.words, text)


def test_decoding_in_batches_is_seamless(say: Any) -> None:
    """The same samples as of the whole stream at once."""
    import miniaudio
    from tests.servers.edge.tones import utter

    from utterly_edge._audio import ENCODER_DELAY

    whole = b"".join(utter(_sentences(20), 1.0, 0).frames)
    expected = np.array(miniaudio.mp3_read_f32(whole).samples, np.float32)[ENCODER_DELAY:]

    assert np.array_equal(expected, say(_sentences(20)).samples)


def _speak_words(server: EdgeServer, words: int) -> None:
    text = _sentences(words)
    heard: list[Any] = []
    with (
        Speaker("edge", settings={"edge": server.settings()}) as speaker,
        speaker.stream(text) as stream,
    ):
        heard.extend(chunk.samples for chunk in stream)
    speech = stream.speech
    timed = [word for segment in speech.segments for word in segment.words]

    assert "complete" == speech.status
    _assert_heard(np.concatenate(heard), speech.sample_rate, timed, text)


def test_two_hundred_words(server: EdgeServer) -> None:
    """Through the whole of Utterly, sentence by sentence."""
    _speak_words(server, 200)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_twenty_thousand_words(server: EdgeServer) -> None:
    """A book's worth."""
    _speak_words(server, 20_000)
