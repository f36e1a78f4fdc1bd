"""The prebuilt voices and the languages, as published of Google's pages on speech generation.

Neither list was compared with the service.
"""

from __future__ import annotations

from functools import cache

from utterly import UnsupportedError, Voice

LANGUAGES = (
    "en", "af", "am", "ar", "az", "be", "bg", "bn", "ca", "ceb", "cs", "da", "de", "el", "es",
    "et", "eu", "fa", "fi", "fil", "fr", "gl", "gu", "he", "hi", "hr", "ht", "hu", "hy", "id",
    "is", "it", "ja", "jv", "ka", "kn", "ko", "kok", "la", "lb", "lo", "lt", "lv", "mai", "mg",
    "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "nn", "or", "pa", "pl", "ps", "pt", "ro",
    "ru", "sd", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "vi",
    "zh",
)  # fmt: skip
"""Those that are known by name. Google counts 101 for the smaller of today's models and 130 for the
larger one; the previews of 2.5 were said to speak 24."""

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
