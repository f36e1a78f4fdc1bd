"""What a page asks for, checked before anything is done."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec

from utterly.errors import InvalidRequestError
from utterly.wishes import SpeechOptions

MOST_CHARACTERS = 200_000
"""Of a text: about three and a half hours of speech."""

MOST_UPLOAD_BYTES = 2_000_000
"""Of a subtitle file, and of any request: subtitles of a whole day are smaller."""

_Name = Annotated[str, msgspec.Meta(max_length=200)]


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How to speak; what is left out is as the user's settings say.

    Attributes:
        engines: Configured names, first choice first.
        voice: `engine:id` or a persona.
        language: BCP 47 tag.
        speed: Factor.
    """

    engines: Annotated[tuple[_Name, ...], msgspec.Meta(max_length=50)] = ()
    voice: _Name | None = None
    language: _Name | None = None
    speed: float | None = None

    def options(self) -> SpeechOptions:
        """The same for a speaker."""
        return {
            "engines": self.engines or None,
            "voice": self.voice,
            "language": self.language,
            "speed": self.speed,
        }


class SpeechWish(Manner, frozen=True, kw_only=True):
    """A text to speak."""

    text: str


class PreviewWish(Manner, frozen=True, kw_only=True):
    """A voice to hear; `language` is the one that it speaks."""

    voice: _Name


Wish = TypeVar("Wish", bound=Manner)


def read_wish(data: bytes, kind: type[Wish]) -> Wish:
    """Read what a page sent.

    Raises:
        InvalidRequestError: It is something else.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequestError(f"the page asked for something that is none: {error}") from error


def check_text(text: str) -> None:
    """Refuse what is too long, or nothing.

    Raises:
        InvalidRequestError: It is.
    """
    if not text.strip():
        raise InvalidRequestError("there is nothing to speak yet: write something first")
    if len(text) > MOST_CHARACTERS:
        raise InvalidRequestError(
            f"the text has {len(text):,} characters; the studio takes {MOST_CHARACTERS:,} at once:"
            " speak it in parts, or with `utterly say -f`"
        )
