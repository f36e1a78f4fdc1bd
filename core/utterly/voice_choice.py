"""Which voice speaks: what the caller wrote, and what it means to each engine of a chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from utterly.engine_info import Voice
from utterly.errors import InvalidRequestError, UnsupportedError
from utterly.languages import default_voice
from utterly.personas import Persona

ListVoices: TypeAlias = Callable[[str], Sequence[Voice]]
"""Gives the voices of an engine by its configured name; none where they cannot be listed."""


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice as the caller chose it: one on some engines, the default on all others.

    Attributes:
        voices: The engine's own voice id, by configured name; empty where none was chosen.
        persona: Whose voices these are, where a persona was chosen.
    """

    voices: Mapping[str, str] = field(default_factory=dict)
    persona: Persona = field(default_factory=lambda: Persona(""))

    def on(self, engine: str, voices: Sequence[Voice], language: str) -> str:
        """The id that an engine is asked for: the chosen one only on the engine it belongs to.

        Raises:
            UnsupportedError: The engine does not have it, or has none for the language.
        """
        if chosen := self.voices.get(engine):
            if not listed_voice(voices, chosen):
                raise UnsupportedError(no_voice(chosen, {engine: voices}))
            return chosen
        voice = default_voice(voices, language)
        if voice is None:
            raise UnsupportedError(f"no voice for language {language!r}")
        return voice.id


def voice_engine(text: str) -> str:
    """The engine that a voice names, `engine:id`; empty for a persona or an id alone.

    Raises:
        InvalidRequestError: It is not complete.
    """
    engine, colon, voice_id = text.partition(":")
    if not text or (colon and not (engine and voice_id)):
        raise InvalidRequestError(f"voice {text!r} is not complete: write engine:id")
    return engine if colon else ""


def resolve_voice(
    text: str, personas: Mapping[str, Persona], chain: Sequence[str], list_voices: ListVoices
) -> VoiceChoice:
    """Find what a voice means: `engine:id`, else a persona, else an id that one engine has.

    Args:
        text: As the caller wrote it.
        personas: By name.
        chain: Who may speak, by configured name.
        list_voices: Asked only for what has to be known.

    Raises:
        InvalidRequestError: It means nothing, or several things; near matches are named.
    """
    if text in personas:
        return VoiceChoice(personas[text].voices, personas[text])
    if engine := voice_engine(text):
        return _voice_of(engine, text.partition(":")[2], chain, list_voices)
    voices = {name: list_voices(name) for name in chain}
    owners = [name for name, own in voices.items() if listed_voice(own, text)]
    if len(owners) == 1:
        return VoiceChoice({owners[0]: text})
    if owners:
        names = " or ".join(f"{name}:{text}" for name in owners)
        raise InvalidRequestError(f"several engines have a voice {text!r}: write {names}")
    raise InvalidRequestError(no_voice(text, voices, personas))


def listed_voice(voices: Sequence[Voice], voice_id: str) -> Voice | None:
    """Find a voice in a list; what follows a plus is a variant, which need not be listed."""
    ids = (voice_id, voice_id.partition("+")[0])
    return next((voice for voice in voices if voice.id in ids), None)


def no_voice(
    voice_id: str, voices: Mapping[str, Sequence[Voice]], personas: Mapping[str, Persona] = {}
) -> str:
    """Say that there is no such voice, and which ones are called alike."""
    known = {voice.id: f"{name}:{voice.id}" for name, own in voices.items() for voice in own}
    known |= {name: name for name in personas}
    near = [known[match] for match in get_close_matches(voice_id, known, n=3)]
    hint = f"did you mean {', '.join(near)}?" if near else "`utterly voices` lists them"
    nobody = f"{next(iter(voices))} has no" if len(voices) == 1 else "no engine has a"
    return f"{nobody} voice {voice_id!r}: {hint}"


def _voice_of(
    engine: str, voice_id: str, chain: Sequence[str], list_voices: ListVoices
) -> VoiceChoice:
    if engine not in chain:
        raise InvalidRequestError(
            f"the voice belongs to {engine!r}, which is not among the engines {', '.join(chain)}"
        )
    voices = list_voices(engine)
    if voices and not listed_voice(voices, voice_id):
        raise InvalidRequestError(no_voice(voice_id, {engine: voices}))
    return VoiceChoice({engine: voice_id})
