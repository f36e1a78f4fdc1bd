"""The voices of Kokoro-82M, and blends of them.

The first letter of a voice's name says which language it was trained on, the second one whether it
is a woman's (`f`) or a man's (`m`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from utterly import UnsupportedError, Voice

LANGUAGES = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es",
    "f": "fr",
    "h": "hi",
    "i": "it",
    "p": "pt-BR",
    "j": "ja",
    "z": "zh",
}
"""By the first letter of a voice's name, as tags of BCP 47."""

# In each language the voice that its author rates best comes first: it is the default.
_SPEAKERS = {
    "af": "heart bella nicole aoede kore sarah alloy nova sky jessica river",
    "am": "fenrir michael puck echo eric liam onyx santa adam",
    "bf": "emma isabella alice lily",
    "bm": "fable george lewis daniel",
    "ef": "dora",
    "em": "alex santa",
    "ff": "siwis",
    "hf": "alpha beta",
    "hm": "omega psi",
    "if": "sara",
    "im": "nicola",
    "pf": "dora",
    "pm": "alex santa",
    "jf": "alpha gongitsune tebukuro nezumi",
    "jm": "kumo",
    "zf": "xiaoxiao xiaobei xiaoni xiaoyi",
    "zm": "yunjian yunxi yunxia yunyang",
}

VOICES = {
    f"{prefix}_{speaker}": Voice(
        id=f"{prefix}_{speaker}",
        languages=(LANGUAGES[prefix[0]],),
        name=speaker.capitalize(),
        gender="female" if prefix[1] == "f" else "male",
    )
    for prefix, speakers in _SPEAKERS.items()
    for speaker in speakers.split()
}
"""All of them, by name."""


@dataclass(frozen=True, slots=True)
class Blend:
    """One voice, or a mixture of several.

    Attributes:
        parts: Names and their shares, which add up to 1.
    """

    parts: tuple[tuple[str, float], ...]

    @property
    def letter(self) -> str:
        """The first letter of the voice with the largest share, the first of equals."""
        return max(self.parts, key=lambda part: part[1])[0][0]


def read_blend(text: str, names: Sequence[str]) -> Blend:
    """Read `af_heart`, or a mixture such as `af_heart:0.6+bf_emma:0.4`.

    Shares are relative to each other, and 1 where left out. Nothing but a listed name is ever
    taken for a voice: the library would load any path.

    Args:
        text: What the caller wrote.
        names: The voices that there are.

    Raises:
        UnsupportedError: A name is not in the list, or a share is not a positive number.
    """
    shares: dict[str, float] = {}
    for part in text.split("+"):
        name, _, share = part.strip().partition(":")
        shares[_check_name(name.strip(), names)] = _read_share(share or "1")
    total = sum(shares.values())
    return Blend(tuple((name, share / total) for name, share in shares.items()))


def _check_name(name: str, names: Sequence[str]) -> str:
    if name in names:
        return name
    if name in VOICES:
        raise UnsupportedError(
            f"the file of voice {name!r} is not there; `utterly models pull kokoro` fetches it"
        )
    near = get_close_matches(name, names, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "`utterly voices` lists them"
    raise UnsupportedError(f"there is no voice {name[:40]!r}: {hint}")


def _read_share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share <= 1_000:  # also true of NaN
        raise UnsupportedError(
            f"{text[:20]!r} is no share of a voice: write af_heart:0.6+bf_emma:0.4"
        )
    return share


def check_language(letter: str, language: str) -> None:
    """Refuse to read a text in one language with a voice of another.

    Raises:
        UnsupportedError: They are not the same, whatever the region.
    """
    spoken = LANGUAGES[letter]
    if _primary(spoken) != _primary(language):
        raise UnsupportedError(f"the voice speaks {spoken!r}, not {language!r}")


def _primary(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]
