"""What the library says, read out of its memory."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from utterly_espeak._bindings import EVENT_LIST_TERMINATED, EVENT_WORD


class WordEvent(NamedTuple):
    """A word begins: the offset of a character in the text, and seconds of audio."""

    offset: int
    seconds: float


class ListedVoice(NamedTuple):
    """A voice as the library lists it; languages are codes of its own, best first."""

    name: str
    identifier: str
    languages: tuple[str, ...]
    gender: int


def read_word_events(events: Any) -> Iterator[WordEvent]:
    """Read an array of `Event` up to its end mark, words only."""
    index = 0
    while events[index].type != EVENT_LIST_TERMINATED:
        event = events[index]
        if event.type == EVENT_WORD:
            yield WordEvent(event.text_position - 1, event.audio_position / 1000)
        index += 1


def read_voices(records: Any) -> Iterator[ListedVoice]:
    """Read an array of pointers to `VoiceRecord` up to a null pointer."""
    index = 0
    while records[index]:
        record = records[index].contents
        yield ListedVoice(
            record.name.decode().strip(),
            record.identifier.decode(),
            tuple(_read_languages(record.languages)),
            record.gender,
        )
        index += 1


def _read_languages(address: int) -> Iterator[str]:
    """Read pairs of a priority byte and a string, up to a priority of zero."""
    while ctypes.string_at(address, 1) != b"\0":
        code = ctypes.string_at(address + 1)
        yield code.decode().lower()
        address += len(code) + 2
