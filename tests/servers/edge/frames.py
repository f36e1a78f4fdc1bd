"""The messages of the protocol, as the server sends and reads them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from tests.servers.edge.tones import TimedWord

_SYNTHESIS = "{http://www.w3.org/2001/10/synthesis}"
_TICKS = 10_000_000


@dataclass(frozen=True)
class Spoken:
    """What a client asked for: one voice, one prosody."""

    voice: str
    text: str
    rate: str
    pitch: str
    volume: str

    @property
    def speed(self) -> float:
        """As a factor."""
        return 1 + int(self.rate.removesuffix("%")) / 100

    @property
    def pitch_shift(self) -> int:
        """In Hz."""
        return int(self.pitch.removesuffix("Hz"))


def split_message(message: str) -> tuple[dict[str, str], str]:
    """Headers and body of a text message."""
    head, _, body = message.partition("\r\n\r\n")
    return dict(line.split(":", 1) for line in head.split("\r\n")), body


def read_ssml(ssml: str) -> Spoken:
    """Find the one voice and the one prosody.

    Raises:
        ValueError: It is no SSML, or has other elements, or values of another form.
    """
    try:
        root = ET.fromstring(ssml)  # noqa: S314  # our own client's
    except ET.ParseError as error:
        raise ValueError(str(error)) from error
    tags = [element.tag.removeprefix(_SYNTHESIS) for element in root.iter()]
    if tags != ["speak", "voice", "prosody"]:
        raise ValueError(f"elements {tags}")
    voice, prosody = list(root.iter())[1:]
    spoken = Spoken(voice.attrib["name"], prosody.text or "", **prosody.attrib)
    for value, form in (
        (spoken.rate, r"[+-]\d{1,3}%"),
        (spoken.volume, r"[+-]\d{1,3}%"),
        (spoken.pitch, r"[+-]\d{1,3}Hz"),
    ):
        if not re.fullmatch(form, value):
            raise ValueError(f"value {value!r}")
    return spoken


def text_message(path: str, body: str = "{}") -> str:
    """A message of the server's that is text."""
    return (
        "X-RequestId:0123456789abcdef0123456789abcdef\r\n"
        f"Content-Type:application/json; charset=utf-8\r\nPath:{path}\r\n\r\n{body}"
    )


def metadata(word: TimedWord, kind: str = "WordBoundary") -> str:
    """The place of one word."""
    data = {
        "Offset": round(word.start * _TICKS),
        "Duration": round(word.duration * _TICKS),
        "text": {"Text": word.text, "Length": len(word.text), "BoundaryType": kind},
    }
    return text_message("audio.metadata", json.dumps({"Metadata": [{"Type": kind, "Data": data}]}))


def audio_message(data: bytes, content_type: str | None = "audio/mpeg") -> bytes:
    """A message with audio; without a content type it says that there is no more."""
    lines = ["X-RequestId:0123456789abcdef0123456789abcdef"]
    if content_type:
        lines.append(f"Content-Type:{content_type}")
    lines += ["X-StreamId:0123456789ABCDEF0123456789ABCDEF", "Path:audio"]
    return binary_message("\r\n".join(lines).encode(), data)


def binary_message(head: bytes, data: bytes) -> bytes:
    """Two bytes with the length of the head, the head, a line end, the data."""
    return len(head + b"\r\n").to_bytes(2, "big") + head + b"\r\n" + data


def voices_document(voices: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The list of voices, from pairs of an id and a gender."""
    return [
        {
            "Name": f"Microsoft Server Speech Text to Speech Voice ({voice})",
            "ShortName": voice,
            "Gender": gender.title(),
            "Locale": voice.rpartition("-")[0],
            "SuggestedCodec": "audio-24khz-48kbitrate-mono-mp3",
            "Status": "GA",
        }
        for voice, gender in voices
    ]
