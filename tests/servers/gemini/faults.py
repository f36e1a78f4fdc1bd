"""Everything that can go wrong, each a named switch.

A fault is a function of the exchange, the request together with the ways to answer it, and
answers in its own way. Those of `STREAM_FAULTS` need a streamed answer; asked for a unary one they
give what comes nearest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from tests.servers.gemini.answers import (
    PCM_TYPES,
    Answer,
    audio_part,
    candidate,
    error,
    error_info,
    quota_failure,
    retry_info,
    speak,
    wav,
)

if TYPE_CHECKING:
    from tests.servers.gemini.exchange import Exchange

Play: TypeAlias = "Callable[[Exchange], None]"

_HTML = b"<html><head><title>Welcome</title></head><body>Sign in to go on.</body></html>"


def _refuse(code: int, status: str, message: str, *details: Answer) -> Play:
    return lambda exchange: exchange.send_json(code, error(code, status, message, *details))


def _html(code: int) -> Play:
    return lambda exchange: exchange.send(code, _HTML, "text/html")


def _say(make: Callable[[bytes], Answer | list[Answer]]) -> Play:
    """Answer with what is made of the right audio."""

    def play(exchange: Exchange) -> None:
        made = make(speak(exchange.request.text))
        exchange.send_answers(made if isinstance(made, list) else [made])

    return play


def _finish(reason: str) -> Play:
    return _say(lambda _: candidate(None, reason))


def _part(mime: str | None, spoil: Callable[[bytes], bytes] = bytes) -> Play:
    return _say(lambda pcm: candidate([audio_part(spoil(pcm), mime)]))


def _base64(spoil: Callable[[str], str]) -> Play:
    def make(pcm: bytes) -> Answer:
        part = audio_part(pcm)
        part["inlineData"]["data"] = spoil(part["inlineData"]["data"])
        return candidate([part])

    return _say(make)


def _half(reason: str | None) -> Play:
    """Half of the audio, and then the end."""

    def make(pcm: bytes) -> list[Answer]:
        half = len(pcm) // 4 * 2
        first = candidate([audio_part(pcm[:half])], None)
        return [first] if reason is None else [first, candidate(None, reason)]

    return _say(make)


def _continuation(pcm: bytes) -> Answer:
    """Half of the audio, and a token to ask for the rest with."""
    answer = candidate([audio_part(pcm[: len(pcm) // 4 * 2])], "CONTINUATION")
    answer["candidates"][0]["continuationToken"] = "bW9yZQ=="
    return answer


def _halfway(end: str) -> Play:
    """The beginning of a right answer, and then something with the connection."""

    def play(exchange: Exchange) -> None:
        exchange.send_beginning()
        getattr(exchange, end)()

    return play


def _event_midway(event: bytes) -> Play:
    def play(exchange: Exchange) -> None:
        if not exchange.request.streaming:
            exchange.send(503, event.removeprefix(b"data: ").strip(), "application/json")
            return
        exchange.send_beginning()
        exchange.send_event(event)
        exchange.finish()

    return play


def _redirect(exchange: Exchange) -> None:
    """To the same server by its other name: another origin, which must not get the key."""
    exchange.send(307, b"", "text/html", Location=exchange.other_origin + exchange.path)


def _cut_json(exchange: Exchange) -> None:
    body = json.dumps(candidate([audio_part(speak(exchange.request.text))])).encode()
    exchange.send(200, body[: len(body) // 2], "application/json")


_PER_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
_PER_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"
_EXHAUSTED = (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.")

FAULTS: dict[str, Play] = {
    # Errors of the API.
    "bad-key": _refuse(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        error_info("API_KEY_INVALID"),
    ),
    "invalid-argument": _refuse(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "wrong-country": _refuse(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use."
    ),
    "unauthenticated": _refuse(401, "UNAUTHENTICATED", "Request had invalid credentials."),
    "forbidden": _refuse(
        403, "PERMISSION_DENIED", "Forbidden.", error_info("API_KEY_SERVICE_BLOCKED")
    ),
    "no-model": _refuse(404, "NOT_FOUND", "models/x is not found for API version v1."),
    "rate-limited": _refuse(*_EXHAUSTED, quota_failure(_PER_MINUTE, "10"), retry_info("3.5s")),
    "rate-limited-by-header": lambda exchange: exchange.send_json(
        429, error(*_EXHAUSTED), **{"Retry-After": "7"}
    ),
    "rate-limited-bare": _refuse(*_EXHAUSTED),
    "daily-quota": _refuse(*_EXHAUSTED, quota_failure(_PER_DAY, "15"), retry_info("41s")),
    "no-quota": _refuse(*_EXHAUSTED, quota_failure(_PER_MINUTE, "0"), retry_info("30s")),
    "internal-error": _refuse(500, "INTERNAL", "An internal error has occurred."),
    "unavailable": _refuse(503, "UNAVAILABLE", "The model is overloaded."),
    "deadline-exceeded": _refuse(504, "DEADLINE_EXCEEDED", "Deadline expired."),
    # What is not the API.
    "bad-gateway-html": _html(502),
    "portal-html": _html(200),
    "missing-page-html": _html(404),
    "redirect": _redirect,
    "cut-json": _cut_json,
    # The connection.
    "hang": lambda exchange: exchange.hang(),
    "hang-midway": _halfway("hang"),
    "reset": lambda exchange: exchange.reset(),
    "end": lambda exchange: exchange.end(),
    "reset-midway": _halfway("reset"),
    "end-midway": _halfway("end"),
    # Answers without audio.
    "empty-object": lambda exchange: exchange.send_answers([{}]),
    "empty-candidates": lambda exchange: exchange.send_answers([{"candidates": []}]),
    "blocked-prompt": lambda exchange: exchange.send_answers(
        [{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}]
    ),
    "safety": _finish("SAFETY"),
    "prohibited": _finish("PROHIBITED_CONTENT"),
    "other": _finish("OTHER"),
    "max-tokens": _finish("MAX_TOKENS"),
    "unknown-reason": _finish("SOMETHING_NEW"),
    "empty-parts": _say(lambda _: candidate([])),
    "text-instead": _say(lambda _: candidate([{"text": "I cannot say that."}])),
    # Audio that is none, or not all of it.
    "max-tokens-with-audio": _say(lambda pcm: candidate([audio_part(pcm)], "MAX_TOKENS")),
    "continuation": _say(_continuation),
    "no-data": _part(PCM_TYPES[0], lambda _: b""),
    "header-only-wav": _part("audio/wav", lambda _: wav(b"")),
    "cut-wav": _part("audio/wav", lambda pcm: wav(pcm)[: len(pcm) // 2 * 2 - 2000]),
    "silence": _part(PCM_TYPES[0], lambda pcm: bytes(len(pcm))),
    "odd-pcm": _part(PCM_TYPES[0], lambda pcm: pcm[:-1]),
    "wrong-mime": _part("audio/mpeg"),
    "no-mime": _part(None),
    "garbage-base64": _base64(lambda data: "*" + data[1:]),
    "cut-base64": _base64(lambda data: data[: len(data) // 8 * 4 + 1]),
    "cut-base64-evenly": _base64(lambda data: data[: len(data) // 8 // 2 * 8 + 4]),
    "no-stop": _half(None),
}
"""By name; whichever way audio is asked for."""

STREAM_FAULTS: dict[str, Play] = {
    "other-midway": _half("OTHER"),
    "safety-midway": _half("SAFETY"),
    "error-midway": _event_midway(
        b"data: " + json.dumps(error(503, "UNAVAILABLE", "Overloaded.")).encode() + b"\r\n\r\n"
    ),
    "broken-event": _event_midway(b'data: {"candidates": [{"content"\r\n\r\n'),
}
"""Those of streams alone."""
