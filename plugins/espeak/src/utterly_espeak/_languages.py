"""The languages of eSpeak NG 1.52 as BCP 47 tags.

The tuple is written out because facts have to be known without the library; a test compares it
with what the library lists.
"""

from __future__ import annotations

_OWN_TAGS: dict[str, tuple[str, ...]] = {
    "ca-ba": ("ca-x-balear",),  # BA is Bosnia; the language is Catalan of the Balearic Islands
    "ca-nw": ("ca-x-nordocc",),
    "ca-va": ("ca-valencia",),
    "chr-us-qaaa-x-west": ("chr-x-west", "chr"),
    "cmn": ("cmn", "zh"),
    "cmn-latn-pinyin": ("cmn-Latn-pinyin",),
    "en-us-nyc": ("en-US-x-nyc",),
    "hr": ("hr", "sh"),  # hbs has the shorter code sh
    "piqd": ("tlh-Piqd", "tlh"),  # a script's name; the language is Klingon
    "py": ("art-x-pyash",),
    "ru-cl": ("ru-x-classic",),  # CL is Chile
    "yue": ("yue", "zh-HK", "zh-yue"),
    "yue-latn-jyutping": ("yue-Latn-jyutping",),
}
"""Tags by voice id, where the library's codes mean something else in BCP 47, or nothing."""


def language_tags(voice_id: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Turn the library's codes for a voice into BCP 47 tags.

    Args:
        voice_id: The voice.
        codes: All its codes in lower case, best first.
    """
    return _OWN_TAGS.get(voice_id) or tuple(map(_write_tag, codes))


def _write_tag(code: str) -> str:
    """Spell a tag as BCP 47 recommends: `pt-BR`, `fa-Latn`, and small from `-x-` on."""
    public, private, rest = code.partition("-x-")
    language, *others = public.split("-")
    return "-".join([language, *map(_write_subtag, others)]) + private + rest


def _write_subtag(subtag: str) -> str:
    """Two letters are a region, four a script, anything else a variant."""
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 and subtag.isalpha() else subtag


LANGUAGES: tuple[str, ...] = tuple(
    """
    en en-US en-GB en-029 en-GB-scotland en-GB-x-gbclan en-GB-x-gbcwmd en-GB-x-rp en-Shaw
    en-US-x-nyc af am an ar art-x-pyash as az ba be bg bn bpy bs ca ca-valencia ca-x-balear
    ca-x-nordocc chr chr-x-west cmn cmn-Latn-pinyin cs cv cy da de el eo es es-419 es-MX et eu fa
    fa-Latn fi fr fr-BE fr-CH fr-FR ga gd gn grc gu hak haw he hi hr ht hu hy hy-arevela
    hy-arevmda hyw ia id io is it ja jbo ka kk kl kn ko kok ku ky la lb lfn lt ltg lv mi mk ml mr
    ms mt mto my nb nci ne nl no nog om or pa pap pl pt pt-BR pt-PT qdb qu quc qya ro ru ru-LV
    ru-x-classic sd sh shn si sjn sk sl smj sq sr sv sw ta te th ti tk tlh tlh-Piqd tn tr tt ug uk
    ur uz vi vi-VN-x-central vi-VN-x-south yue yue-Latn-jyutping zh zh-HK zh-yue
    """.split()  # noqa: SIM905  # 151 quoted strings are no better to read
)
"""Every tag of every voice, English first."""
