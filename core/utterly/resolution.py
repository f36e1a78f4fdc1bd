"""From what is wished to who is tried, and how they are asked: the one order of precedence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from utterly.chain import parse_engines, resolve_chain
from utterly.errors import EngineError, InvalidRequestError, SettingsError
from utterly.events import Event
from utterly.folder_file import PreferenceIgnored
from utterly.languages import best_match
from utterly.personas import Persona
from utterly.preferences import ARGUMENT, Preferences
from utterly.sessions import Sessions
from utterly.standing import Standing
from utterly.voice_choice import VoiceChoice, voice_engine
from utterly.voice_finder import VoiceFinder
from utterly.wishes import SpeechOptions

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a request comes to.

    Attributes:
        chain: Configured names, first choice first.
        voice: The chosen one.
        language: BCP 47 tag; `None` where nothing tells it.
        speed: Factor.
        optional: Features that nobody asked for in the call, so that an engine may lack them.
    """

    chain: tuple[str, ...]
    voice: VoiceChoice
    language: str | None
    speed: float
    optional: frozenset[str]


class Resolver:
    """Puts together what all places say.

    Args:
        standing: What holds for every request.
        sessions: Of the engines.
        emit: Told what is ignored.

    Attributes:
        finder: Finds what a voice means.
    """

    def __init__(
        self, standing: Standing, sessions: Sessions, emit: Callable[[Event], None]
    ) -> None:
        self._standing = standing
        self._sessions = sessions
        self._emit = emit
        self._told: set[PreferenceIgnored] = set()
        self.finder = VoiceFinder(standing, sessions, self._ignore)
        for ignored in standing.folder.ignored:
            self._tell(ignored)

    def resolve(self, options: SpeechOptions) -> Resolved:
        """Decide who is tried, in which voice, language and speed.

        Raises:
            InvalidRequestError: Something that means nothing.
            NoEngineError: Nothing is installed to speak with.
        """
        arguments, *files = self._standing.places
        places = (_over(arguments, options), *files)
        chooser = next((place for place in places if place.voice), None)
        chain = self._chain(places, chooser)
        self._sessions.check_arguments(chain)
        voice = self._voice(places, chooser, chain)
        language = next(self._languages(places, chooser, voice, chain), None)
        speed, source = next(_speeds(places, chooser, voice), (1.0, ""))
        optional = frozenset() if source == ARGUMENT else frozenset({"speed"})
        return Resolved(chain, voice, language, speed, optional)

    def _chain(self, places: Sequence[Preferences], chooser: Preferences | None) -> tuple[str, ...]:
        """Who is tried. A voice names its engine, unless a stronger place names the engines."""
        namer = next((place for place in places if place.engines), None)
        named = (namer and namer.engines) or ()
        with _source_told(chooser):
            engine = self._engine_named_by(places, chooser)
        if named and engine and namer is not chooser:
            named = tuple(dict.fromkeys([engine, *named]))
        with _source_told(namer, chooser if engine else None):
            return resolve_chain(named, self._sessions.installed, self._sessions.configured, engine)

    def _engine_named_by(self, places: Sequence[Preferences], chooser: Preferences | None) -> str:
        """The engine of the chosen voice, where the choice holds whatever the chain is."""
        if chooser is None or not self._must_hold(places, chooser):
            return ""
        return voice_engine(chooser.voice or "")

    def _voice(
        self,
        places: Sequence[Preferences],
        chooser: Preferences | None,
        chain: Sequence[str],
    ) -> VoiceChoice:
        """The chosen voice; where it need not hold and means nothing here, the engines' own."""
        if chooser is None or not chooser.voice:
            return VoiceChoice()
        try:
            with _source_told(chooser):
                choice = self.finder.find(chooser.voice, chain)
        except InvalidRequestError as error:
            if self._must_hold(places, chooser):
                raise
            if self._standing.is_folders(chooser):
                self._ignore("voice", str(error))
            return VoiceChoice()
        return (
            self.finder.only_known(choice, chain) if self._standing.is_folders(chooser) else choice
        )

    def _must_hold(self, places: Sequence[Preferences], chooser: Preferences) -> bool:
        """Whether a voice is worth an error: not a folder's, nor under a stronger chain."""
        if self._standing.is_folders(chooser):
            return False
        stronger = places[: places.index(chooser)]
        return not any(place.engines for place in stronger)

    def _languages(
        self,
        places: Sequence[Preferences],
        chooser: Preferences | None,
        voice: VoiceChoice,
        chain: Sequence[str],
    ) -> Iterator[str]:
        """Who chooses a voice chooses its language, unless the same or a stronger place does."""
        for place in places:
            if place.language and self._may_hold("language", place, place.language, chain):
                yield place.language
            if place is chooser:
                persona = voice.persona
                if persona.language and self._may_hold(
                    f"personas.{persona.name}.language", persona, persona.language, chain
                ):
                    yield persona.language
                yield from self.finder.languages(voice, chain)

    def _may_hold(
        self, key: str, place: Preferences | Persona, language: str, chain: Sequence[str]
    ) -> bool:
        """Whether a language can be spoken, where it is a folder that says so."""
        if not self._standing.is_folders(place) or any(
            self._speaks(name, language) for name in chain
        ):
            return True
        self._ignore(key, f"no engine of {', '.join(chain)} speaks {language!r}")
        return False

    def _speaks(self, engine: str, language: str) -> bool:
        try:
            return bool(best_match(language, self._sessions.open(engine).info.languages))
        except EngineError:
            return False

    def _ignore(self, key: str, reason: str) -> None:
        self._tell(self._standing.folder.ignore(key, reason))

    def _tell(self, ignored: PreferenceIgnored) -> None:
        """Say once what is ignored."""
        if ignored not in self._told:
            self._told.add(ignored)
            _logger.warning("%s", ignored)
            self._emit(ignored)


def _over(arguments: Preferences, options: SpeechOptions) -> Preferences:
    """What one call says, over what its speaker was given."""
    engines = options.get("engines")
    return Preferences(
        ARGUMENT,
        engines=parse_engines(engines) if engines else arguments.engines,
        voice=options.get("voice") or arguments.voice,
        language=options.get("language") or arguments.language,
        speed=options.get("speed"),
    )


def _speeds(
    places: Sequence[Preferences], chooser: Preferences | None, voice: VoiceChoice
) -> Iterator[tuple[float, str]]:
    """Each speed that is wished, and where; a persona's as its language."""
    for place in places:
        if place.speed is not None:
            yield place.speed, place.source
        if place is chooser and voice.persona.speed is not None:
            yield voice.persona.speed, voice.persona.source


@contextmanager
def _source_told(*places: Preferences | None) -> Iterator[None]:
    """Say where it stands, if it is no argument that means nothing.

    Raises:
        SettingsError: In place of another `InvalidRequestError`.
    """
    try:
        yield
    except InvalidRequestError as error:
        sources = dict.fromkeys(place.source for place in places if place is not None)
        told = [source for source in sources if source != ARGUMENT]
        if not told or isinstance(error, SettingsError):
            raise
        source = " and ".join(told)
        raise SettingsError(f"{error} (from {source})", source=source) from None
