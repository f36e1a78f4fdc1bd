"""Mandarin by misaki: jieba finds the words, pypinyin their readings."""

# ruff: noqa: RUF001  # punctuation of other scripts is meant
from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import platformdirs

from utterly import UnsupportedError
from utterly_kokoro._alignment import split_clauses
from utterly_kokoro._espeak import EspeakEnglish
from utterly_kokoro._tokens import Token

_MEND = "pip install 'utterly-kokoro[zh]'"

_RUNS = re.compile(
    r"([\u4e00-\u9fff]+)|([A-Za-z][A-Za-z'’ -]*[A-Za-z]|[A-Za-z])|([^\u4e00-\u9fffA-Za-z]+)"
)
_NUMBER = re.compile(r"[0-9][0-9.,:/%-]*")
_CLOSING = tuple(",.!?:;…—)”")
_NON_SYLLABIC = "\u032f"


class MandarinPronunciation:
    """Text to phonemes.

    Raises:
        UnsupportedError: What the extra `zh` brings is not installed.
    """

    def __init__(self) -> None:
        self._english = EspeakEnglish(british=False)
        self._jieba, self._g2p, self._cn2an = _import_libraries()

    def __call__(self, text: str) -> list[Token]:
        """Turn text into words with phonemes."""
        tokens: list[Token] = []
        for clause in split_clauses(text):
            for token in self._pronounce_clause(clause):
                if tokens and token.phonemes[:1] in _CLOSING:
                    tokens[-1] = replace(tokens[-1], space=False)
                tokens.append(token)
        return tokens

    def _pronounce_clause(self, clause: str) -> Iterator[Token]:
        """Words as jieba finds them, English ones, and the punctuation between them."""
        numbers = iter(_NUMBER.findall(clause))
        spoken = self._g2p.map_punctuation(self._in_characters(clause))
        is_number = False
        for characters, latin, rest in _RUNS.findall(spoken + " "):
            for word in self._jieba.lcut(characters) if characters else ():
                # A number is spoken in characters that do not stand in the text.
                is_part, is_number = is_number, word not in clause
                text = word if not is_number else "" if is_part else next(numbers, "")
                phonemes = self._g2p.word2ipa(word).replace(_NON_SYLLABIC, "")
                yield Token(text, phonemes)
            if latin:
                yield Token(latin, self._english.pronounce(latin))
            if rest.strip():
                yield Token("", rest.strip(), space=rest[-1].isspace())

    def _in_characters(self, clause: str) -> str:
        try:
            spoken: str = self._cn2an.transform(clause, "an2cn")
        except Exception:  # noqa: BLE001  # whatever it makes of numbers of other forms
            return clause
        return spoken


def _import_libraries() -> tuple[Any, Any, Any]:
    try:
        import cn2an
        import jieba
        from misaki.zh import ZHG2P
    except ImportError as error:
        raise UnsupportedError(f"Mandarin needs more libraries: {_MEND}") from error
    jieba.setLogLevel(logging.WARNING)  # it writes to standard error
    # Its own choice is the common temporary folder, where anybody may have put something.
    cache = platformdirs.user_cache_path("utterly", appauthor=False)
    cache.mkdir(parents=True, exist_ok=True)
    jieba.dt.tmp_dir = str(cache)
    return jieba, ZHG2P, cn2an
