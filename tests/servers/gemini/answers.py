"""What the API answers: audio in both shapes, and errors in its own words."""

from __future__ import annotations

import base64
import io
import wave
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from utterly.testing import tone

API_KEY = "the-key-that-opens-the-server-of-the-tests"
RATE = 24_000
LETTERS_PER_SECOND = 15.0

Shape: TypeAlias = Literal["wav", "pcm"]
"""3.8 answers a unary request with a complete WAV and streams raw PCM; older models send PCM."""

Answer: TypeAlias = dict[str, Any]

PCM_TYPES = ("audio/L16;codec=pcm;rate=24000", "audio/l16; rate=24000; channels=1")
"""Both are seen in the wild."""


def speak(text: str) -> bytes:
    """The coded tone of a text, 16-bit samples, as long as people take to say it."""
    seconds = max(0.3, sum(map(str.isalnum, text)) / LETTERS_PER_SECOND)
    samples = tone(text, sample_rate=RATE, seconds=round(seconds, 2))
    return (samples * 32767).astype("<i2").tobytes()


def wav(pcm: bytes) -> bytes:
    """A complete WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(pcm)
    return file.getvalue()


def audio_part(data: bytes, mime: str | None = PCM_TYPES[0]) -> Answer:
    """A part with audio; without a type where that is `None`."""
    blob = {"data": base64.b64encode(data).decode("ascii")}
    return {"inlineData": blob if mime is None else {"mimeType": mime, **blob}}


def candidate(parts: Sequence[Answer] | None, reason: str | None = "STOP") -> Answer:
    """An answer with one candidate."""
    content = {"content": {"parts": list(parts), "role": "model"}} if parts is not None else {}
    finish = {"finishReason": reason} if reason else {}
    return {
        "candidates": [{**content, **finish, "index": 0}],
        "usageMetadata": {"promptTokenCount": 8, "totalTokenCount": 8},
        "modelVersion": "of-the-tests",
    }


def error(code: int, status: str, message: str, *details: Answer) -> Answer:
    """An error as the API writes it."""
    body: Answer = {"code": code, "message": message, "status": status}
    return {"error": {**body, "details": list(details)} if details else body}


def error_info(reason: str) -> Answer:
    """The detail that says why."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
    }


def retry_info(seconds: str) -> Answer:
    """The detail that says how long to wait."""
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": seconds}


def quota_failure(quota: str, value: str) -> Answer:
    """The detail that says which quota is used up."""
    return {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [
            {
                "quotaMetric": "generativelanguage.googleapis.com/generate_requests",
                "quotaId": quota,
                "quotaValue": value,
            }
        ],
    }
