"""An answer read piece by piece: a reply with status 200 is not yet success."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from utterly import ContentRejectedError, IncompleteAudioError
from utterly_gemini._sound import Sound

if TYPE_CHECKING:
    from utterly import Audio

_REFUSALS = (
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE",
)  # fmt: skip
"""Reasons to end that speak of the text; the others speak of the service."""


class Answer:
    """Takes the responses of one request in, and gives audio out.

    It is whole when one candidate ended with `STOP` and there was audio.
    """

    def __init__(self) -> None:
        self._sound = Sound()
        self._reason = ""
        self._has_text = False

    def read(self, response: Any) -> Iterator[Audio]:
        """Read one response of the library's.

        Raises:
            ContentRejectedError: The text is refused.
            InvalidAudioError: What came is no audio that can be read.
        """
        feedback = response.prompt_feedback
        if feedback is not None and feedback.block_reason:
            raise ContentRejectedError(f"Gemini refuses the text: {_name(feedback.block_reason)}")
        for candidate in (response.candidates or ())[:1]:
            yield from self._read_parts(candidate)
            if candidate.finish_reason:
                self._end(_name(candidate.finish_reason))

    def finish(self) -> Iterator[Audio]:
        """Check that the answer was whole; give what is left of its audio.

        Raises:
            IncompleteAudioError: It was not.
            InvalidAudioError: The audio ends within a sample.
        """
        if self._reason != "STOP":
            how = f"ended with {self._reason}" if self._reason else "broke off without an end"
            raise IncompleteAudioError(f"Gemini's answer {how}")
        yield from self._sound.finish()
        if not self._sound.frames:
            came = "text instead of audio" if self._has_text else "no audio"
            raise IncompleteAudioError(f"Gemini's answer has {came}")

    def _read_parts(self, candidate: Any) -> Iterator[Audio]:
        for part in (candidate.content and candidate.content.parts) or ():
            self._has_text = self._has_text or bool(part.text)
            blob = part.inline_data
            if blob is not None and blob.data:
                yield from self._sound.read(blob.data, blob.mime_type or "")

    def _end(self, reason: str) -> None:
        if reason in _REFUSALS:
            raise ContentRejectedError(f"Gemini refuses the text: {reason}")
        self._reason = reason


def _name(value: Any) -> str:
    """The name of a reason; one that the library does not know is a string of its own kind."""
    return str(getattr(value, "value", value))
