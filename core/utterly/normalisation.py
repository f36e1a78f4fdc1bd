"""Plain text for engines: composed characters, ordinary spaces, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: not valid Unicode by itself."""

_BLANK = re.compile("[\0-\x20\x7f-\x9f\u2028\u2029\ufffe\uffff]+")
"""Line ends, tabs, other controls, and what XML forbids; other spaces may mean something."""

_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
"""What nobody sees: `Default_Ignorable_Code_Point` of Unicode and the annotation characters.

Joiners and variation selectors are left out: Persian, the scripts of India and emoji need them.
"""


MOST_OF_ONE = 3
"""Characters that can come of one in NFC."""


def normalise(text: str) -> str:
    """Clean text up for an engine.

    * Line ends, tabs and other control characters become one space; blank ends are cut off.
    * What is invisible goes: byte order marks, soft hyphens, zero-width spaces, directions, tags.
      Zero-width joiners, non-joiners and variation selectors stay, because scripts need them.
    * Half a character (a lone surrogate) becomes U+FFFD.
    * Characters are composed (NFC). Never NFKC: it would make 25 of 2⁵.
    """
    if text.isascii() and text.isprintable():
        return text.strip()  # as most of it is
    text = SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    text = _INVISIBLE.sub("", _BLANK.sub(" ", text))
    return unicodedata.normalize("NFC", text).strip()
