"""What of a cue is read aloud, and who says it: no markup, no sound notes, no names of speakers."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator

from utterly.dubbing.script import Part
from utterly.text import is_speakable

_READING = re.compile(r"<rt\b[^>]*>.*?(?:</rt>|(?=</ruby>)|$)", re.DOTALL | re.IGNORECASE)
"""How a word is pronounced, written above it (ruby)."""

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]++([^<>]*+)>|</v>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|</?>")

_NOTES = "\u2669\u266a\u266b\u266c\u266d\u266f\U0001f3b5\U0001f3b6"
_SONG = re.compile(f"(?<![{_NOTES}])[{_NOTES}]++[^{_NOTES}]++[{_NOTES}]++")
_MUSIC = re.compile(f"^.*[{_NOTES}].*$", re.MULTILINE)

_SOUND = re.compile(
    r"\[[^\[\]]*\]|\uff3b[^\uff3b\uff3d]*\uff3d|\u3010[^\u3010\u3011]*\u3011"
    r"|(?<![^\W_])\([^()]*\)|\uff08[^\uff08\uff09]*\uff09"
)
"""What is heard but not said; round brackets within a word, as in `person(s)`, are text."""

_DEEPEST = 3
"""How many notes may stand within each other."""

_DASH = re.compile(r"\s*(?:[-\u2010-\u2015\u2212]+(?=\s|[^\W\d])|>>+)\s*")
"""What stands before the words of another speaker."""

_NAME = re.compile(r"\s*([^\W\d_][^:\uff1a\n]{0,39}?)\s*(?::(?=\s|$)|\uff1a)\s*")


def read_parts(text: str, speaker: str = "", speakers: Collection[str] = ()) -> tuple[Part, ...]:
    r"""Find what is read aloud.

    Args:
        text: Of a cue, its lines ending in `\n`, with HTML-like tags but no others.
        speaker: Who says it, where the format tells it.
        speakers: Names that are those of speakers also where they are not in capitals.

    Returns:
        Each speaker's words, in order; one who is not named is `""`.
    """
    known = {name.casefold() for name in speakers}
    parts: list[Part] = []
    for voice, fragment in _voices(_READING.sub("", text), speaker):
        for name, line in _lines(_without_sounds(fragment), voice, known):
            if parts and parts[-1][0] == name:
                parts[-1] = (name, f"{parts[-1][1]} {line}")
            else:
                parts.append((name, line))
    return tuple((name, words) for name, words in parts if is_speakable(words))


def _voices(text: str, speaker: str) -> Iterator[tuple[str, str]]:
    """The parts that voice tags (`<v Anna>`) make, each with its speaker."""
    voice, place = speaker, 0
    for tag in _VOICE.finditer(text):
        yield voice, text[place : tag.start()]
        voice, place = _plain(tag[1] or "") or speaker, tag.end()
    yield voice, text[place:]


def _without_sounds(text: str) -> str:
    """The words, without tags, music and sounds."""
    words = html.unescape(_TAG.sub("", text))
    words = _MUSIC.sub("", _SONG.sub("", words))
    for _depth in range(_DEEPEST):
        words = _SOUND.sub("", words)
    return words


def _lines(text: str, speaker: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """The lines that say something, each with its speaker."""
    current = speaker
    for line in text.split("\n"):
        words = line
        if dash := _DASH.match(words):
            current, words = speaker, words[dash.end() :]
        name = _NAME.match(words)
        if name and (name[1].isupper() or name[1].casefold() in known):
            current, words = _plain(name[1]), words[name.end() :]
        if words := " ".join(words.split()):
            yield current, words


def _plain(name: str) -> str:
    """A name with single spaces."""
    return " ".join(html.unescape(name).split())
