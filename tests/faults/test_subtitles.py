"""Subtitles of a chain that fails over: what is shown is what is heard, when it is heard."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from math import inf

import pytest

from utterly import ContentRejectedError, Policy, Speaker, Speech
from utterly.subtitles import Cue, make_cues
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
    error = ContentRejectedError("not this one")
    return [Fault("after_audio", error=error, after=0.1, text=text) for text in texts]


@pytest.fixture
def speech(install: InstallEngine) -> Speech:
    """A speech by three engines, of which the first fails in every third sentence."""
    install("first", *refuse(*SENTENCES[::3]), sample_rate=22_050, seconds=0.7)
    install("second", *refuse(*SENTENCES[::6]), sample_rate=24_000, seconds=1.3)
    install("third", sample_rate=48_000)
    policy = Policy(switch_back="segment", on_rejected="next")
    with Speaker("first,second,third", policy=policy) as speaker:
        return speaker.say(" ".join(SENTENCES))


@pytest.fixture
def tones(speech: Speech) -> tuple[Heard, ...]:
    """What is heard in it."""
    return hear(speech.samples, speech.sample_rate, SENTENCES)


def cues_of(speech: Speech) -> list[list[Cue]]:
    """The cues of each segment."""
    cues = iter(make_cues(speech.segments))
    return [list(islice(cues, len(make_cues([segment])))) for segment in speech.segments]


def test_chain_fails_over_as_planned(speech: Speech, tones: tuple[Heard, ...]) -> None:
    """Every sentence is heard whole, and the engines take turns."""
    turns = ["third", "first", "first", "second", "first", "first"]

    assert SENTENCES == [tone.text for tone in tones if tone.complete]
    assert turns * 2 == [segment.engine for segment in speech.segments]


def test_guarantee_10_subtitles_are_up_while_the_speech_is_heard(
    speech: Speech, tones: tuple[Heard, ...]
) -> None:
    """Guarantee 10, one timeline: a sentence is shown from its first sound to its last.

    A cue of less than a second stays up for half a second more, until the next one at most.
    """
    following = [*(tone.start for tone in tones[1:]), inf]
    for tone, cues, limit in zip(tones, cues_of(speech), following, strict=True):
        readable = min(cues[-1].start + 1.0, tone.end + 0.5, limit)

        assert pytest.approx(tone.start, abs=EXACT) == cues[0].start
        assert pytest.approx(max(tone.end, readable), abs=EXACT) == cues[-1].end


def test_guarantee_10_cues_within_a_sentence_begin_with_their_words(
    speech: Speech, tones: tuple[Heard, ...]
) -> None:
    """Guarantee 10, one timeline: the words of a coded tone are of one length."""
    for tone, cues in zip(tones, cues_of(speech), strict=True):
        counts = [len(" ".join(cue.lines).split()) for cue in cues]
        each = (tone.end - tone.start) / sum(counts)
        expected = [tone.start + each * sum(counts[:place]) for place in range(len(cues))]

        assert pytest.approx(expected, abs=EXACT) == [cue.start for cue in cues]


def test_some_sentences_have_several_cues(speech: Speech) -> None:
    """What the tests above say of the cues within a sentence is said of something."""
    assert [1, 1, 1, 2] * 3 == [len(cues) for cues in cues_of(speech)]


def test_guarantee_10_words_and_segments_are_in_the_json(
    speech: Speech, tones: tuple[Heard, ...]
) -> None:
    """Guarantee 10, one timeline: a program that reads JSON has the times of every word."""
    segments = json.loads(json.dumps(speech.to_dict()))["segments"]

    for tone, segment in zip(tones, segments, strict=True):
        assert segment["text"].split() == [word["text"] for word in segment["words"]]
        assert pytest.approx(tone.start, abs=EXACT) == segment["start"]
        assert pytest.approx(tone.start, abs=EXACT) == segment["words"][0]["start"]
        assert pytest.approx(tone.end, abs=EXACT) == segment["words"][-1]["end"]


def test_speech_writes_its_subtitles(speech: Speech) -> None:
    """`to_srt` and `to_vtt` have every cue of the speech."""
    count = len(make_cues(speech.segments))

    assert count == speech.to_srt().count(" --> ") == speech.to_vtt().count(" --> ")


def test_skipped_sentence_is_not_shown(install: InstallEngine) -> None:
    """Nobody spoke it, and the next one is shown when it is heard."""
    install("only", *refuse("Two."))
    with Speaker("only", policy=Policy(on_failure="skip")) as speaker:
        speech = speaker.say("One. Two. Three.")
    found = hear(speech.samples, speech.sample_rate, ["One.", "Three."])
    cues = make_cues(speech.segments)

    assert [("One.",), ("Three.",)] == [cue.lines for cue in cues]
    assert pytest.approx([t.start for t in found], abs=EXACT) == [cue.start for cue in cues]


def test_sentence_in_two_voices_is_shown_once(install: InstallEngine) -> None:
    """Live, what one engine began and another ended is shown in two parts, when they are heard."""
    text = "This sentence is begun by one engine and ended by another one."
    error = ContentRejectedError("not to the end")
    install("first", Fault("after_audio", error=error, after=1.0, text=text), sample_rate=22_050)
    install("second", sample_rate=48_000)
    policy = Policy(hold_back_seconds=0.1, on_rejected="next")
    with (
        Speaker("first,second", policy=policy) as speaker,
        speaker.stream(text) as stream,
    ):
        for _chunk in stream:
            pass
    cues = make_cues(stream.speech.segments)
    found = hear(stream.speech.samples, stream.speech.sample_rate, [text])

    assert ("first", "second") == stream.speech.engines
    assert text == " ".join(line for cue in cues for line in cue.lines)
    assert pytest.approx([t.start for t in found], abs=EXACT) == [cue.start for cue in cues]
