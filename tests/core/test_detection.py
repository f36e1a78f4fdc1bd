"""Tests of telling the language of a text, and of who speaks it then."""

# ruff: noqa: RUF001  # letters of other alphabets are meant
from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utterly import AsyncSpeaker, Speaker, Voice
from utterly.detection import detect_language
from utterly.testing import ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]

GERMAN = "Guten Tag, wie geht es Ihnen heute Abend?"
FRENCH = "Bonjour tout le monde, comment allez-vous ?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        (FRENCH, "fr"),
        ("El perro duerme tranquilamente junto a la ventana.", "es"),
        ("Il gatto dorme tranquillo vicino alla finestra.", "it"),
        ("De hond slaapt vandaag rustig bij het raam.", "nl"),
        ("Кошка спокойно спит у окна, и никто её не будит.", "ru"),
        ("الطقس جميل اليوم في المدينة.", "ar"),
        ("آج موسم بہت خوبصورت ہے اور میں خوش ہوں۔", "ur"),
        ("आज आसमान बहुत सुंदर है।", "hi"),
        ("Привет!", "ru"),
        ("日本語の文章です。", "ja"),
        ("カタカナ", "ja"),
        ("ｶﾀｶﾅ", "ja"),
        ("这是中文。", "zh"),
        ("我用Python写了一个程序，它叫做の。", "zh"),
        ("안녕하세요", "ko"),
        ("สวัสดี", "th"),
        ("Καλημέρα", "el"),
        ("שלום", "he"),
        ("Բարեւ", "hy"),
        ("გამარჯობა", "ka"),
        ("The quick brown fox jumps over the lazy dog.", "en"),
        (GERMAN + " The end." + GERMAN * 100, "de"),
    ],
)
def test_language_is_told(text: str, language: str) -> None:
    """A sentence is enough, and of some scripts a word."""
    assert language == detect_language(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345 67890 12345 67890",
        "Hello, world.",
        "Guten Tag.",
        "OK Computer release notes v1.2.3",
        "a a a a a a a a a a a a a a a a a a a a a a a",
        "x" * 100,
        "\ud800" * 30,
    ],
)
def test_uncertain_language_is_not_guessed(text: str) -> None:
    """A few words in Latin letters could be of many languages."""
    assert None is detect_language(text)


@given(st.text(max_size=100))
@settings(derandomize=True, deadline=None)
def test_detection_takes_anything(text: str) -> None:
    """Whatever comes out is a primary subtag."""
    language = detect_language(text)

    assert language is None or (language.isascii() and language.isalpha() and language.islower())


def test_text_is_spoken_in_its_own_language(install: InstallEngine) -> None:
    """Nobody has to say that it is German; who does not speak it is passed over."""
    english = install("english")
    german = install("german", languages=("de-AT",))

    with Speaker("english,german") as speaker:
        speech = speaker.say(GERMAN)

    assert ("german",) == speech.engines
    assert ([], "de") == (english.requests, german.requests[0].language)


def test_stream_of_text_at_once_is_in_its_own_language(install: InstallEngine) -> None:
    """It makes no difference that somebody listens."""
    engine = install("first", languages=("en", "de"))

    with Speaker("first") as speaker, speaker.stream(GERMAN) as stream:
        list(stream)

    assert "de" == engine.requests[0].language


async def _speak_async() -> None:
    async with AsyncSpeaker("first") as speaker:
        await speaker.say(GERMAN)
        async with speaker.stream(FRENCH) as stream:
            async for _chunk in stream:
                pass


def test_async_speaker_detects_too(install: InstallEngine) -> None:
    """The verbs are the same."""
    import asyncio

    engine = install("first", languages=("en", "de", "fr"))

    asyncio.run(_speak_async())

    assert ["de", "fr"] == [request.language for request in engine.requests]


def test_text_in_pieces_is_not_waited_for(install: InstallEngine) -> None:
    """The first sentence is spoken when it is there, in the default language."""
    engine = install("first", languages=("en", "de"))

    with Speaker("first") as speaker, speaker.stream(iter([GERMAN])) as stream:
        list(stream)

    assert "en" == engine.requests[0].language


def test_language_that_nobody_speaks_is_spoken_all_the_same(install: InstallEngine) -> None:
    """A chain that does not know the language reads it as it can."""
    engine = install("first", languages=("en", "fr"))

    with Speaker("first") as speaker:
        speech = speaker.say(GERMAN)

    assert ("complete", "en") == (speech.status, engine.requests[0].language)


def test_language_of_an_engine_that_cannot_be_had_counts_for_nothing(
    install: InstallEngine,
) -> None:
    """What only a missing engine would speak is read by the others."""
    install("first", languages=("en", "fr"))
    install("second", kind="cloud", languages=("de",))

    with Speaker("first,second", offline=True) as speaker:
        assert ("first",) == speaker.say(GERMAN).engines


@pytest.mark.parametrize("where", ["request", "speaker"])
def test_language_that_was_given_is_not_questioned(install: InstallEngine, where: str) -> None:
    """The caller knows better."""
    engine = install("first", languages=("en", "de", "fr"))
    of_speaker, of_request = ("fr", None) if where == "speaker" else (None, "fr")

    with Speaker("first", language=of_speaker) as speaker:
        speaker.say(GERMAN, language=of_request)

    assert "fr" == engine.requests[0].language


def test_chosen_voice_decides_the_language(install: InstallEngine) -> None:
    """A French voice was not chosen to speak with a German one's rules."""
    voices = (Voice("anna", ("de",)), Voice("marie", ("fr",)))
    engine = install("first", languages=("de", "fr"), voices=voices)

    with Speaker("first", voice="first:marie") as speaker:
        speaker.say(GERMAN)

    assert ("fr", "marie") == (engine.requests[0].language, engine.requests[0].voice)
