"""Which voice speaks: what the caller wrote, and what it means to each engine of a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from utterly.engine_info import Voice
from utterly.errors import InvalidRequestError, UnsupportedError
from utterly.languages import default_voice


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice as the caller chose it, `engine:id`.

    Attributes:
        engine: The configured name of the one engine that has it; empty where none was chosen.
        id: The engine's own voice id.
    """

    engine: str = ""
    id: str = ""

    @classmethod
    def parse(cls, text: str) -> VoiceChoice:
        """Read `engine:id`, split at the first colon; the engine is empty where none is named."""
        engine, colon, voice_id = text.partition(":")
        choice = cls(engine, voice_id) if colon else cls("", text)
        if not choice.id or (colon and not engine):
            raise InvalidRequestError(f"voice {text!r} is not complete: write engine:id")
        return choice

    def on(self, engine: str, voices: Sequence[Voice], language: str) -> str:
        """The id that an engine is asked for: the chosen one only on the engine it belongs to.

        Raises:
            UnsupportedError: No voice of the engine speaks the language.
        """
        if self.engine == engine:
            return self.id
        voice = default_voice(voices, language)
        if voice is None:
            raise UnsupportedError(f"no voice for language {language!r}")
        return voice.id


def find_voice(voice_id: str, voices: Mapping[str, Sequence[Voice]]) -> VoiceChoice:
    """Find the one engine that has a voice written without its engine.

    Args:
        voice_id: The id alone.
        voices: The voices of each engine of the chain.

    Raises:
        InvalidRequestError: No engine has it, or several do; near matches are named.
    """
    owners = [name for name, own in voices.items() if any(voice.id == voice_id for voice in own)]
    if len(owners) == 1:
        return VoiceChoice(owners[0], voice_id)
    if owners:
        names = " or ".join(f"{name}:{voice_id}" for name in owners)
        raise InvalidRequestError(f"several engines have a voice {voice_id!r}: write {names}")
    raise InvalidRequestError(f"no engine has a voice {voice_id!r}{_suggest(voice_id, voices)}")


def _suggest(voice_id: str, voices: Mapping[str, Sequence[Voice]]) -> str:
    ids = {voice.id: f"{name}:{voice.id}" for name, own in voices.items() for voice in own}
    near = [ids[match] for match in get_close_matches(voice_id, ids, n=3)]
    return f": did you mean {', '.join(near)}?" if near else ": `utterly voices` lists them"
