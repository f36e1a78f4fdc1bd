"""Voices, variants and languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import utterly_espeak
from utterly import EngineUnavailableError, Speaker, SpeechRequest, UnsupportedError

_OWN_SCRIPT = {
    "chr-us-qaaa-x-west": "ᎣᏏᏲ",
    "cv": "кӗнеке",
    "sjn": "mae govannen",
}
"""These do not speak digits."""

_VOICES = [voice.id for voice in utterly_espeak.voices(utterly_espeak.EspeakSettings())]


@pytest.mark.parametrize("voice", _VOICES)
def test_every_voice_speaks(say: Any, voice: str) -> None:
    """Each leaves a sensible length of audible sound."""
    spoken = say(_OWN_SCRIPT.get(voice, "1 2 3"), voice=voice)

    assert 0.6 < spoken.duration < 6
    assert -35 < spoken.level < -6


def test_ids_are_unique() -> None:
    """No two voices share an id."""
    assert len(set(_VOICES)) == len(_VOICES)


def test_lists_language_voices_only() -> None:
    """The list stays readable: neither variants nor MBROLA voices are in it."""
    assert not [voice for voice in _VOICES if "+" in voice or voice.startswith("mb")]


@pytest.mark.parametrize(
    ("language", "voice"),
    [
        ("en", "en-us"),
        ("en-US", "en-us"),
        ("en-GB", "en-gb"),
        ("en-AU", "en-us"),
        ("pt", "pt"),
        ("pt-BR", "pt-br"),
        ("es", "es"),
        ("es-MX", "es-419"),
        ("fr", "fr-fr"),
        ("fr_CA", "fr-fr"),
        ("zh", "cmn"),
        ("zh-CN", "cmn"),
        ("zh-HK", "yue"),
        ("no", "nb"),
        ("DE-at", "de"),
        ("hyw", "hyw"),
        ("art", "py"),
    ],
)
def test_default_voice_of_a_language(model: Any, language: str, voice: str) -> None:
    """A request without a voice gets the one that people expect."""
    request = SpeechRequest("x", voice="default", language=language)
    identifier = model.catalogue.choose(request, "").identifier

    assert model.catalogue.identifiers[voice] == identifier


def test_first_voice_of_a_language_is_its_default(settings: Any) -> None:
    """Core takes the first voice that lists a language."""
    voices = utterly_espeak.voices(settings)
    first = {
        language: next(voice.id for voice in voices if language in voice.languages)
        for language in ("en", "en-GB", "fr", "pt", "zh", "es", "hy")
    }

    assert {
        "en": "en-us",
        "en-GB": "en-gb",
        "fr": "fr-fr",
        "pt": "pt",
        "zh": "cmn",
        "es": "es",
        "hy": "hy",
    } == first


def test_gender_is_what_the_library_says(settings: Any) -> None:
    """All language voices are male."""
    assert {"male"} == {voice.gender for voice in utterly_espeak.voices(settings)}


def test_text_has_a_voice_of_its_language_without_asking() -> None:
    """German is not read by an English voice."""
    with Speaker("espeak") as speaker:
        speech = speaker.say("Guten Tag, wie geht es Ihnen heute Abend?")

    assert "de" == speech.segments[0].voice


def test_unknown_voice_names_near_matches(say: Any) -> None:
    """The message helps."""
    with pytest.raises(UnsupportedError, match="'en-uss'; near matches: en-us"):
        say("Hello.", voice="en-uss")


def test_unknown_variant_names_near_matches(say: Any) -> None:
    """A variant is checked, since the library would ignore a wrong one."""
    with pytest.raises(UnsupportedError, match="variant 'whisperr'; near matches: whisper"):
        say("Hello.", voice="en-us+whisperr")


def test_unknown_language_is_unsupported(say: Any) -> None:
    """No voice speaks it."""
    with pytest.raises(UnsupportedError, match="'xx'"):
        say("Hello.", voice="default", language="xx")


@pytest.mark.parametrize("voice", ["en-us+../f3", "../../x", "en-us+", "mb-en1", "", "en us"])
def test_no_voice_reaches_outside_the_list(say: Any, voice: str) -> None:
    """A voice is a name, never a path; a plus without a variant is the voice itself."""
    if voice == "en-us+":
        assert say("Hello.", voice=voice).sounds_like(say("Hello.", voice="en-us"))
        return
    with pytest.raises(UnsupportedError):
        say("Hello.", voice=voice)


def test_every_variant_speaks(say: Any, model: Any) -> None:
    """Each variant goes with a voice."""
    silent = [
        variant
        for variant in model.catalogue.variants
        if not -36 < say("Hello.", voice=f"en-us+{variant}").level < -5
    ]

    assert not silent
    assert len(model.catalogue.variants) > 90


def test_variants_differ(say: Any, pitch_of: Callable[[Any], float]) -> None:
    """A female variant is higher, by about an octave."""
    plain = pitch_of(say(_SENTENCE, voice="en-us"))
    female = pitch_of(say(_SENTENCE, voice="en-us+f3"))

    assert 1.7 < female / plain < 2.4


def test_variant_of_the_settings_speaks(say: Any, pitch_of: Callable[[Any], float]) -> None:
    """It stands in where the voice names none, and gives way where it does."""
    settings = utterly_espeak.EspeakSettings(variant="F3")
    stands_in = pitch_of(say(_SENTENCE, settings, voice="en-us"))
    gives_way = pitch_of(say(_SENTENCE, settings, voice="en-us+m3"))

    assert stands_in > 1.7 * gives_way


def test_wrong_variant_of_the_settings_is_found_at_load() -> None:
    """Nothing could be spoken with it."""
    with pytest.raises(EngineUnavailableError, match="change the setting variant"):
        utterly_espeak.load(utterly_espeak.EspeakSettings(variant="nobody"))


_SENTENCE = "Hello, world. This is a test of the system, made for measuring."
