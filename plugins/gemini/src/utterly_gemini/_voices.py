"""The prebuilt voices and the languages, from Google's pages on speech generation."""

from __future__ import annotations

from functools import cache

from utterly import UnsupportedError, Voice

LANGUAGES = (
    "en", "ar", "bn", "de", "es", "fr", "hi", "id", "it", "ja", "ko", "mr", "nl", "pl", "pt",
    "ro", "ru", "ta", "te", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip

_FEMALE = (
    "Kore", "Zephyr", "Leda", "Aoede", "Callirrhoe", "Autonoe", "Despina", "Erinome",
    "Laomedeia", "Achernar", "Gacrux", "Pulcherrima", "Vindemiatrix", "Sulafat",
)  # fmt: skip
_MALE = (
    "Puck", "Charon", "Fenrir", "Orus", "Enceladus", "Iapetus", "Umbriel", "Algieba", "Algenib",
    "Rasalgethi", "Alnilam", "Schedar", "Achird", "Zubenelgenubi", "Sadachbia", "Sadaltager",
)  # fmt: skip

DEFAULT_VOICE = "Kore"


@cache
def list_voices() -> tuple[Voice, ...]:
    """All thirty, the default first; each speaks every language, as the text has it."""
    female = [Voice(name, LANGUAGES, gender="female") for name in _FEMALE]
    return (*female, *(Voice(name, LANGUAGES, gender="male") for name in _MALE))


def find_voice(name: str) -> str:
    """Spell a voice as the API does, whatever its case.

    Raises:
        UnsupportedError: There is none.
    """
    if name == "default":
        return DEFAULT_VOICE
    for voice in list_voices():
        if voice.id.casefold() == name.casefold():
            return voice.id
    raise UnsupportedError(f"Gemini has no voice {name!r}; utterly voices --engine gemini")


def check_language(language: str) -> None:
    """Accept a language that the models speak; they hear by themselves which one a text is in.

    Raises:
        UnsupportedError: It is none of them.
    """
    if language.lower().replace("_", "-").split("-")[0] not in LANGUAGES:
        raise UnsupportedError(f"Gemini does not speak {language!r}")
