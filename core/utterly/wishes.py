"""How a caller wants it spoken, and what that comes to on one engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from utterly.engine_info import EngineInfo, Voice
from utterly.errors import InvalidRequestError, UnsupportedError
from utterly.languages import best_match
from utterly.preferences import FASTEST, SLOWEST
from utterly.request import SpeechRequest
from utterly.voice_choice import VoiceChoice

_RANGES = {"speed": (SLOWEST, FASTEST), "pitch": (-12.0, 12.0), "volume": (0.0, 2.0)}


class SpeechOptions(TypedDict, total=False):
    """What a caller may say of how to speak; what is left out is as the speaker has it.

    Attributes:
        voice: `engine:id`, a persona, or an id that one engine of the chain has.
        language: BCP 47 tag.
        speed: Factor, 0.5 to 2.
        pitch: Semitones, -12 to 12.
        volume: Factor, 0 to 2.
        style: How to speak, in words.
        seed: Makes an engine that draws lots repeat itself.
        engines: Configured names, first choice first, also as `"a,b"`.
    """

    voice: str | None
    language: str | None
    speed: float | None
    pitch: float
    volume: float
    style: str | None
    seed: int | None
    engines: str | Iterable[str] | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a request is to be spoken, before it is known by whom.

    Attributes:
        voice: The caller's choice.
        template: A request with the language and the features; text and voice come later.
        optional: Features that are left out where an engine lacks them, since the call did not ask
            for them.
    """

    voice: VoiceChoice
    template: SpeechRequest
    optional: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name, (lowest, highest) in _RANGES.items():
            value = getattr(self.template, name)
            if not lowest <= value <= highest:  # also true of NaN
                raise InvalidRequestError(
                    f"{name} must be {lowest:g} to {highest:g}, not {value!r}"
                )

    def fit(self, engine: str, info: EngineInfo, voices: Sequence[Voice]) -> SpeechRequest:
        """What one engine is asked for, but for the text.

        Raises:
            UnsupportedError: No voice of the engine speaks the language, or it does not have the
                one that was chosen.
        """
        language = self.template.language
        if not best_match(language, info.languages):
            raise UnsupportedError(f"it does not speak {language!r}")
        return replace(self.template, voice=self.voice.on(engine, voices, language))


def missing_features(info: EngineInfo, request: SpeechRequest) -> tuple[str, ...]:
    """Features that a request asks for and the engine lacks."""
    return tuple(name for name in request.asked_features() if name not in info.features)


def drop_features(request: SpeechRequest, features: Sequence[str]) -> SpeechRequest:
    """The same request without some features."""
    plain = SpeechRequest(request.text)
    return replace(request, **{name: getattr(plain, name) for name in features})


def check_supported(info: EngineInfo, request: SpeechRequest) -> None:
    """Refuse what the engine lacks, before any hook of its own runs.

    Raises:
        UnsupportedError: A feature that it does not list, or more text than it takes.
    """
    if missing := missing_features(info, request):
        raise UnsupportedError(f"it has no {' or '.join(missing)}")
    if info.longest_segment is not None and len(request.text) > info.longest_segment:
        raise UnsupportedError(
            f"it takes {info.longest_segment} characters at once, not {len(request.text)}"
        )
