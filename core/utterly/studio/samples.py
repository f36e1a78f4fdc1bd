"""What a voice says to introduce itself."""

from __future__ import annotations

_SENTENCES = {
    "ar": "هكذا يبدو صوتي.",
    "cs": "Takhle zní můj hlas.",
    "da": "Sådan lyder min stemme.",
    "de": "So klingt meine Stimme.",
    "el": "Έτσι ακούγεται η φωνή μου.",
    "en": "This is what my voice sounds like.",
    "es": "Así suena mi voz.",
    "fi": "Tältä ääneni kuulostaa.",
    "fr": "Voici à quoi ressemble ma voix.",
    "he": "כך נשמע הקול שלי.",
    "hi": "मेरी आवाज़ ऐसी सुनाई देती है।",
    "hu": "Így szól a hangom.",
    "id": "Beginilah suara saya.",
    "it": "Ecco come suona la mia voce.",
    "ja": "わたしの声はこのように聞こえます。",
    "ko": "제 목소리는 이렇게 들립니다.",
    "nb": "Slik høres stemmen min ut.",
    "nl": "Zo klinkt mijn stem.",
    "pl": "Tak brzmi mój głos.",
    "pt": "É assim que a minha voz soa.",
    "ro": "Așa sună vocea mea.",
    "ru": "Так звучит мой голос.",
    "sv": "Så här låter min röst.",
    "tr": "Sesim böyle duyuluyor.",
    "uk": "Так звучить мій голос.",
    "vi": "Giọng của tôi nghe như thế này.",
    "yue": "我把聲係咁樣嘅。",
    "zh": "我的声音听起来是这样的。",
}


def sample_sentence(language: str) -> str:
    """A short sentence in a language, or in English where we have none."""
    return _SENTENCES.get(language.partition("-")[0].lower(), _SENTENCES["en"])
