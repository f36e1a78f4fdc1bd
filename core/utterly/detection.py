"""Which language a text is in, where nobody says so."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_logger = logging.getLogger(__name__)

SAMPLE = 2_000
"""Characters that decide."""

FEWEST_LATIN_LETTERS = 20
LEAST_CONFIDENCE = 0.6
"""Of the library, 0 to 1: below it, of a single sentence, it is often wrong."""

_LANGUAGES = {
    "ARMENIAN": "hy",
    "CJK": "zh",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}
"""Scripts of one language, or of one that is by far the most written; as Unicode names them."""

_MOST_WRITTEN = {
    "ARABIC": "ar",
    "BENGALI": "bn",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "ETHIOPIC": "am",
}
"""Of scripts of several languages, the one to take where the library is not sure."""

_SYLLABIC = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")
_LETTERS_PER_SIGN = 3
"""A sign of these is a syllable or a word: a few foreign names must not outweigh them."""

_NAMES = {"no": "nb", "tl": "fil"}
"""What the library calls otherwise than engines do."""

_ENGLISH = frozenset(["the", "and", "that", "this", "with", "you", "have", "from", "they", "which"])
_ENGLISH_SHARE = 0.1
"""English is told by its commonest words: the library takes most of a second and 75 MB to load."""


def detect_language(text: str) -> str | None:
    """Tell the language of a text: from the script where that is enough, else by a library.

    Args:
        text: Anything; its beginning decides.

    Returns:
        A primary subtag such as `"de"`; `None` where it is not certain, as of a few words in
        Latin letters.
    """
    sample = unicodedata.normalize("NFKC", text[:SAMPLE])  # wide and narrow letters too
    scripts = _count_scripts(sample)
    if not scripts:
        return None
    script, letters = scripts.most_common(1)[0]
    if script == "JAPANESE" or script in _LANGUAGES:
        return _LANGUAGES.get(script, "ja")
    if script == "LATIN" and letters < FEWEST_LATIN_LETTERS:
        return None
    if script == "LATIN" and _reads_english(sample):
        return "en"
    return _identify(sample) or _MOST_WRITTEN.get(script)


def _count_scripts(sample: str) -> Counter[str]:
    """Letters of each script; kana make the ideographs among them Japanese."""
    names = (unicodedata.name(letter, "").split(" ") for letter in sample if letter.isalpha())
    scripts = Counter(name[0].split("-")[0] for name in names)
    for script in _SYLLABIC:
        scripts[script] *= _LETTERS_PER_SIGN
    kana = scripts.pop("HIRAGANA") + scripts.pop("KATAKANA")
    # A Japanese text is kana for a third and more; a Chinese one may quote a few.
    if kana and kana * 10 >= scripts["CJK"]:
        scripts["JAPANESE"] = kana + scripts.pop("CJK")
    return +scripts


def _reads_english(sample: str) -> bool:
    words = re.findall(r"\w+", sample.lower())
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


def _identify(sample: str) -> str | None:
    try:
        language, confidence = _identifier().classify(sample)
    except Exception:  # whatever it is, speaking goes on in the default language
        _logger.warning("the language could not be detected", exc_info=True)
        return None
    if confidence < LEAST_CONFIDENCE or language in ("und", "zxx"):
        return None
    return _NAMES.get(language, str(language))


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
