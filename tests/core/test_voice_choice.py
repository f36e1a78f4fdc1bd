"""Tests of what a voice means, written in three ways."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utterly import InvalidRequestError, UnsupportedError, Voice
from utterly.personas import Persona
from utterly.voice_choice import VoiceChoice, resolve_voice

VOICES = {
    "kokoro": (Voice("af_heart", ("en-US",)), Voice("both", ("en-US",))),
    "espeak": (Voice("en-us", ("en-US",)), Voice("de", ("de",)), Voice("both", ("en-GB",))),
    "dumb": (),
}
NARRATOR = Persona("narrator", voices={"kokoro": "af_heart", "edge": "Ava"})
PERSONAS = {"narrator": NARRATOR, "de": Persona("de")}
CHAIN = tuple(VOICES)


def resolve(text: str, chain: tuple[str, ...] = CHAIN) -> VoiceChoice:
    """Resolve with these voices and personas."""
    return resolve_voice(text, PERSONAS, chain, lambda engine: VOICES[engine])


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        ("kokoro:af_heart", {"kokoro": "af_heart"}),
        ("narrator", NARRATOR.voices),
        ("en-us", {"espeak": "en-us"}),
        ("de", {}),
        ("espeak:de", {"espeak": "de"}),
        ("espeak:en-us+f3", {"espeak": "en-us+f3"}),
        ("en-us+f3", {"espeak": "en-us+f3"}),
        ("dumb:anything", {"dumb": "anything"}),
    ],
)
def test_voice_is_found(text: str, voices: dict[str, str]) -> None:
    """`engine:id`, else a persona, else the id that one engine has; a variant needs no listing."""
    assert voices == resolve(text).voices


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("kokoro:", "not complete: write engine:id"),
        (":af_heart", "not complete: write engine:id"),
        ("", "not complete: write engine:id"),
        ("kokoro:af_haert", "kokoro has no voice 'af_haert': did you mean kokoro:af_heart"),
        ("edge:Ava", "belongs to 'edge', which is not among the engines kokoro, espeak"),
        ("both", "write kokoro:both or espeak:both"),
        ("af_haert", "no engine has a voice 'af_haert': did you mean kokoro:af_heart"),
        ("naratör", "did you mean narrator"),
        ("xyz", "`utterly voices` lists them"),
    ],
)
def test_voice_without_meaning_is_refused(text: str, advice: str) -> None:
    """Near matches are named, personas among them."""
    with pytest.raises(InvalidRequestError, match=advice):
        resolve(text)


@given(st.text())
def test_any_text_is_a_voice_or_refused(text: str) -> None:
    """Nothing that somebody writes ends in another way."""
    with suppress(InvalidRequestError):
        assert set(resolve(text).voices) <= {*CHAIN, "edge"}


def test_only_what_has_to_be_known_is_asked_for() -> None:
    """A persona needs no list of voices, and `engine:id` that of one engine."""
    asked: list[str] = []

    def list_voices(engine: str) -> tuple[Voice, ...]:
        asked.append(engine)
        return VOICES[engine]

    resolve_voice("narrator", PERSONAS, CHAIN, list_voices)
    resolve_voice("espeak:de", PERSONAS, CHAIN, list_voices)

    assert ["espeak"] == asked


def test_engine_without_a_voice_of_the_persona_speaks_with_its_default() -> None:
    """An id never crosses to another engine."""
    choice = resolve("narrator")

    assert ["af_heart", "de", "both"] == [
        choice.on("kokoro", VOICES["kokoro"], "en-US"),
        choice.on("espeak", VOICES["espeak"], "de-AT"),
        choice.on("espeak", VOICES["espeak"], "en-GB"),
    ]


def test_voice_of_a_persona_that_its_engine_lacks_is_unsupported_there() -> None:
    """The next engine speaks."""
    with pytest.raises(UnsupportedError, match="edge has no voice 'Ava': did you mean edge:AvaNeu"):
        resolve("narrator").on("edge", (Voice("AvaNeu", ("en",)),), "en")


def test_engine_without_a_voice_for_the_language_is_unsupported() -> None:
    """Nobody speaks German with an English voice unasked."""
    with pytest.raises(UnsupportedError, match="no voice for language 'de'"):
        VoiceChoice().on("kokoro", VOICES["kokoro"], "de")
