"""Tests of turns: a text in several voices, whoever speaks them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from utterly import AsyncSpeaker, InvalidRequestError, Speaker, Speech
from utterly.testing import Fault, ScriptedEngine, hear

InstallEngine = Callable[..., ScriptedEngine]
TURNS = [("first:first", "Who is there?"), ("second:second", "It is me."), (None, "Come in.")]
SENTENCES = ["Who is there?", "It is me.", "Come in."]


def spoken(speech: Speech) -> list[tuple[str, str, str]]:
    """Who spoke what."""
    return [(segment.text, segment.engine, segment.voice) for segment in speech.segments]


def heard(speech: Speech) -> list[str | None]:
    """What is heard, in order."""
    return [tone.text for tone in hear(speech.samples, speech.sample_rate, SENTENCES)]


def test_each_turn_has_its_voice(install: InstallEngine) -> None:
    """On whichever engine it is; where none is named, the request's own."""
    install("first")
    install("second")

    with Speaker("first,second", voice="first:second") as speaker:
        speech = speaker.say(TURNS)

    assert [
        ("Who is there?", "first", "first"),
        ("It is me.", "first", "first"),
        ("Come in.", "first", "second"),
    ] == spoken(speech)
    assert SENTENCES == heard(speech)


def test_voice_of_a_turn_names_its_engine(install: InstallEngine) -> None:
    """Where nobody names engines, each voice is spoken by its own; nobody is substituted."""
    install("espeak")
    install("second")

    with Speaker() as speaker:
        speech = speaker.say(
            [("espeak:first", "Who is there?"), ("second:second", "It is me."), (None, "Come in.")]
        )

    assert [
        ("Who is there?", "espeak", "first"),
        ("It is me.", "second", "second"),
        ("Come in.", "espeak", "first"),
    ] == spoken(speech)
    assert (False, ("espeak", "second")) == (speech.degraded, speech.chain)


def test_substitution_in_a_turn_is_told(install: InstallEngine) -> None:
    """Guarantee 3, honest: it is the turn's own first choice that counts."""
    install("espeak")
    install("second", Fault("load"))

    with Speaker() as speaker:
        speech = speaker.say([("espeak:first", "Who is there?"), ("second:second", "It is me.")])

    assert [False, True] == [segment.substituted for segment in speech.segments]
    assert (True, "complete") == (speech.degraded, speech.status)


def test_turns_are_paragraphs(install: InstallEngine) -> None:
    """Between two of them there is the pause that there is between paragraphs."""
    install("first")

    with Speaker("first") as speaker:
        first, second = speaker.say([(None, "Who is there?"), (None, "It is me.")]).segments

    assert 0.7 == pytest.approx(second.start - first.end, abs=0.01)


def test_turn_may_have_several_sentences(install: InstallEngine) -> None:
    """All of them in its voice."""
    install("first")

    with Speaker("first") as speaker:
        speech = speaker.say([("second", "Who is there? Come in.")])

    assert [("Who is there?", "first", "second"), ("Come in.", "first", "second")] == spoken(speech)


def test_personas_speak_turns(install: InstallEngine, config: Path) -> None:
    """A play with its cast."""
    install("first")
    config.write_text('[personas.anna]\nfirst = "second"\n', "utf-8")

    with Speaker("first") as speaker:
        speech = speaker.say([("anna", "It is me."), ("first:first", "Come in.")])

    assert ["second", "first"] == [segment.voice for segment in speech.segments]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's file."""
    path = tmp_path / "config.toml"
    monkeypatch.setenv("UTTERLY_CONFIG", str(path))
    return path


@pytest.mark.parametrize(
    ("turns", "complaint"),
    [
        ([("nobody", "Who is there?")], "no voice 'nobody'|no engine has a voice 'nobody'"),
        ([("first", "One.", "Two.")], "turns"),
        ([3], "turns"),
        ([(None, "Come in."), (3, "It is me.")], "turns"),
    ],
)
def test_impossible_turn_is_refused_before_anything(
    install: InstallEngine, turns: Any, complaint: str
) -> None:
    """Nobody hears the first half of a play whose second cannot be spoken."""
    engine = install("first")

    with Speaker("first") as speaker, pytest.raises(InvalidRequestError, match=complaint):
        speaker.say(turns)

    assert [] == engine.requests


def test_turns_may_arrive_while_they_are_spoken(install: InstallEngine) -> None:
    """Pieces of text belong together; a turn between them stands for itself."""
    install("first")

    def arrive() -> Iterator[str | tuple[str | None, str]]:
        yield "Who is "
        yield "there?"
        yield ("second", "It is me.")
        yield "Come in."

    with Speaker("first", voice="first:first") as speaker, speaker.stream(arrive()) as stream:
        list(stream)

    assert [
        ("Who is there?", "first", "first"),
        ("It is me.", "first", "second"),
        ("Come in.", "first", "first"),
    ] == spoken(stream.speech)


def test_async_speaker_takes_turns(install: InstallEngine) -> None:
    """Said at once, and streamed as they arrive."""
    install("first")

    async def arrive() -> Any:
        yield ("second", "It is me.")
        yield "Come in."

    async def speak() -> tuple[Speech, Speech]:
        async with AsyncSpeaker("first", voice="first:first") as speaker:
            said = await speaker.say([("second", "It is me."), (None, "Come in.")])
            async with speaker.stream(arrive()) as stream:
                async for _chunk in stream:
                    pass
            return said, stream.speech

    said, streamed = asyncio.run(speak())
    assert ["second", "first"] == [segment.voice for segment in said.segments]
    assert spoken(said) == spoken(streamed)


def test_no_turns_are_blank_text(install: InstallEngine) -> None:
    """It succeeds, without audio."""
    install("first")

    with Speaker("first") as speaker:
        speech = speaker.say([])

    assert ("complete", 0) == (speech.status, speech.frames)
