"""What the name of a voice means on a chain: personas, ids, and what engines really have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from utterly.engine_info import Voice
from utterly.errors import EngineError, InvalidRequestError
from utterly.sessions import Sessions
from utterly.standing import Standing
from utterly.voice_choice import VoiceChoice, listed_voice, resolve_voice


class VoiceFinder:
    """Finds voices, one call for each that is asked for.

    Args:
        standing: Has the personas.
        sessions: Of the engines.
        ignore: Told the key and the reason of what a folder's file says in vain.
    """

    def __init__(
        self, standing: Standing, sessions: Sessions, ignore: Callable[[str, str], None]
    ) -> None:
        self._standing = standing
        self._sessions = sessions
        self._ignore = ignore

    def find(self, text: str, chain: Sequence[str]) -> VoiceChoice:
        """Find what a voice means on a chain.

        Raises:
            InvalidRequestError: It means nothing, or several things.
        """
        persona = self._standing.personas.get(text)
        if persona is None or not self._standing.is_folders(persona):
            return resolve_voice(text, self._standing.personas, chain, self._voices_or_none)
        try:  # a folder's persona takes no name that means something without it
            return resolve_voice(text, {}, chain, self._voices_or_none)
        except InvalidRequestError:
            return self.only_known(VoiceChoice(persona.voices, persona), chain)

    def only_known(self, choice: VoiceChoice, chain: Sequence[str]) -> VoiceChoice:
        """A choice of a folder's, without what the engines do not have."""
        known = {
            engine: voice_id
            for engine, voice_id in choice.voices.items()
            if engine in chain and listed_voice(self._voices_or_none(engine), voice_id)
        }
        for engine in chain:
            if engine in choice.voices and engine not in known:
                key = f"personas.{choice.persona.name}.{engine}" if choice.persona.name else "voice"
                self._ignore(key, f"{engine} has no voice {choice.voices[engine]!r}")
        return replace(choice, voices=known)

    def languages(self, voice: VoiceChoice, chain: Sequence[str]) -> Iterator[str]:
        """The language of a voice, on each engine of the chain that has it and lists it."""
        for engine in chain:
            if chosen := voice.voices.get(engine):
                listed = listed_voice(self._voices_or_none(engine), chosen)
                if listed is not None:
                    yield listed.languages[0]

    def _voices_or_none(self, engine: str) -> Sequence[Voice]:
        """The voices of an engine; none of one that cannot list them."""
        try:
            return self._sessions.open(engine).voices()
        except EngineError:
            return ()
