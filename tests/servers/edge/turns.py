"""One turn: what the server sends for one text, whole or with a fault."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from aiohttp import WSCloseCode, web
from tests.servers.edge.frames import (
    Spoken,
    audio_message,
    binary_message,
    metadata,
    text_message,
)
from tests.servers.edge.tones import TimedWord, utter

_FRAMES_PER_MESSAGE = 5
_FOREVER = 3_600

_STRANGE_TEXT = {
    "garbage_text": "no headers at all",
    "bad_json": text_message("audio.metadata", "{"),
    "missing_key": text_message(
        "audio.metadata", json.dumps({"Metadata": [{"Type": "WordBoundary"}]})
    ),
    "unknown_path": text_message("surprise"),
    "unknown_metadata": metadata(TimedWord("word", 0, 0), "Surprise"),
    "session_end_only": text_message(
        "audio.metadata", json.dumps({"Metadata": [{"Type": "SessionEnd", "Data": {"Offset": 0}}]})
    ),
}
_STRANGE_BYTES: dict[str, Callable[[], bytes]] = {
    "garbage_binary": lambda: binary_message(b"no headers at all", b"data"),
    "bad_header_length": lambda: b"\xff\xffPath:audio",
    "wrong_content_type": lambda: audio_message(b"RIFF", "audio/wav"),
    "one_byte": lambda: b"\0",
    "huge_message": lambda: audio_message(bytes(5 << 20)),
    "not_mp3": lambda: audio_message(b"<html>Hello</html>" * 400),
    "damaged_mp3": lambda: audio_message((b"\xff\xf3\x64\xc4" + b"\xff" * 140) * 9),
    "cut_frame": lambda: audio_message(b"\xff\xf3\x64\xc4" + bytes(60)),
}


@dataclass
class Turn:
    """Sends one answer.

    Attributes:
        socket: Where to.
        request: Whose transport can be cut.
        fault: Name of a fault, or empty.
        go_on: Ends a pause.
        names_words: Whether the client wants to know when each word is spoken.
    """

    socket: web.WebSocketResponse
    request: web.Request
    fault: str
    go_on: Event
    names_words: bool

    async def answer(self, spoken: Spoken) -> None:
        """Speak a text."""
        await self.socket.send_str(text_message("turn.start"))
        if self.fault == "hang_after_start":
            await asyncio.sleep(_FOREVER)
        if self.fault in ("error_before_audio", "invalid_before_audio"):
            code = WSCloseCode.INTERNAL_ERROR
            await self.socket.close(
                code=code if self.fault.startswith("error") else WSCloseCode.INVALID_TEXT
            )
            return
        await self.socket.send_str(text_message("response"))
        if self.fault == "no_audio":
            await self._end()
            return
        utterance = await asyncio.to_thread(utter, spoken.text, spoken.speed, spoken.pitch_shift)
        half = len(utterance.frames) // 2
        words = utterance.words if self.names_words else ()
        await self._speak(utterance.frames[:half], words, 0)
        if not await self._go_past_middle():
            return
        await self._speak(utterance.frames[half:], words, half)
        if self.fault == "cut_frame":
            await self.socket.send_bytes(_STRANGE_BYTES["cut_frame"]())
        if self.fault == "hang_before_end":
            await asyncio.sleep(_FOREVER)
        if self.fault == "close_before_end":
            await self.socket.close()
            return
        await self._end()

    async def _go_past_middle(self) -> bool:
        """What happens after half the audio; whether there is more to come."""
        match self.fault:
            case "hang_mid_stream":
                await asyncio.sleep(_FOREVER)
            case "close_mid_stream":
                await self.socket.close()
            case "error_mid_stream":
                await self.socket.close(code=WSCloseCode.INTERNAL_ERROR)
            case "fin_mid_stream":
                cut(self.request, reset=False)
            case "reset_mid_stream":
                cut(self.request, reset=True)
            case "early_turn_end":
                await self._end()
            case "pause_mid_stream":
                await asyncio.to_thread(self.go_on.wait)
                return True
            case name if name in _STRANGE_TEXT:
                await self.socket.send_str(_STRANGE_TEXT[name])
                return True
            case name if name in _STRANGE_BYTES and name != "cut_frame":
                await self.socket.send_bytes(_STRANGE_BYTES[name]())
                return True
            case _:
                return True
        return False

    async def _speak(self, frames: Sequence[bytes], words: Sequence[TimedWord], first: int) -> None:
        """Send frames, each word before the audio in which it begins."""
        for start in range(0, len(frames), _FRAMES_PER_MESSAGE):
            group = frames[start : start + _FRAMES_PER_MESSAGE]
            begin, end = (first + start) * 0.024, (first + start + len(group)) * 0.024
            for word in words:
                if begin <= word.start < end:
                    await self.socket.send_str(metadata(word))
            await self.socket.send_bytes(audio_message(b"".join(group)))

    async def _end(self) -> None:
        await self.socket.send_bytes(audio_message(b"", None))
        await self.socket.send_str(text_message("turn.end"))


def cut(request: web.Request, *, reset: bool) -> None:
    """End the connection without a word, or with a reset."""
    transport = request.transport
    assert transport is not None
    if reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
