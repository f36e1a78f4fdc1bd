"""The voices of the library, and which one a request means."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from utterly import UnsupportedError, Voice
from utterly_espeak._languages import language_tags

if TYPE_CHECKING:
    from utterly import SpeechRequest
    from utterly_espeak._library import Library
    from utterly_espeak._records import ListedVoice

_FIRST = ("en-us", "en-gb", "fr-fr")
"""Defaults where several voices speak a language and another one is listed before."""

_GENDERS = {1: "male", 2: "female"}


@dataclass(frozen=True, slots=True)
class ChosenVoice:
    """A voice, perhaps changed by a variant, as the library knows them.

    Attributes:
        identifier: Path below the folder `lang`, such as `"gmw/en-US"`.
        variant: Name of a file in the folder `voices/!v`, or empty.
    """

    identifier: str
    variant: str = ""

    @property
    def name(self) -> str:
        """What the library calls it."""
        return f"{self.identifier}+{self.variant}" if self.variant else self.identifier

    def files(self, data: Path) -> tuple[Path, ...]:
        """The voice's file, and the variant's where there is one."""
        voice = data / "lang" / self.identifier
        return (voice, _variants_folder(data) / self.variant) if self.variant else (voice,)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the data has to speak with.

    Attributes:
        voices: One for each language or accent, defaults first.
        identifiers: The library's name for each voice, by its id.
        variants: Names of variants; each goes with every voice.
    """

    voices: tuple[Voice, ...]
    identifiers: dict[str, str]
    variants: tuple[str, ...]

    def choose(self, request: SpeechRequest, variant: str) -> ChosenVoice:
        """Find the voice that a request means.

        Args:
            request: Its `voice` is `id` or `id+variant`, or `"default"` for its language.
            variant: Stands in where the request names none.

        Raises:
            UnsupportedError: There is none; the message names near matches.
        """
        voice, plus, named = request.voice.partition("+")
        if voice == "default":
            voice = self._default(request.language)
        identifier = self.identifiers[_find(voice, self.identifiers, "voice")]
        chosen = named if plus else variant
        return ChosenVoice(identifier, self.find_variant(chosen) if chosen else "")

    def find_variant(self, name: str) -> str:
        """Spell a variant as the library does.

        Raises:
            UnsupportedError: There is no such variant.
        """
        return _find(name, self.variants, "variant")

    def _default(self, language: str) -> str:
        """The first voice of a language: of the very one, or a wider one, or another accent."""
        wanted = language.lower().replace("_", "-").split("-")
        for length in range(len(wanted), 0, -1):
            tag = "-".join(wanted[:length])
            for voice in self.voices:
                if tag in map(str.lower, voice.languages):
                    return voice.id
        for voice in self.voices:
            if wanted[0] in (tag.lower().split("-")[0] for tag in voice.languages):
                return voice.id
        raise UnsupportedError(f"eSpeak NG has no voice for the language {language!r}")


@cache
def read_catalogue(library: Library) -> Catalogue:
    """List the voices that can speak with the library's data, and the variants.

    Raises:
        EngineUnavailableError: The library does not start with this data.
    """
    listed = [voice for voice in library.list_voices() if _can_speak(voice, library.data)]
    identifiers: dict[str, str] = {}
    voices: list[Voice] = []
    for voice in listed:
        voice_id = _voice_id(voice, identifiers)
        identifiers[voice_id] = voice.identifier
        gender = _GENDERS.get(voice.gender, "")
        voices.append(Voice(voice_id, language_tags(voice_id, voice.languages), voice.name, gender))
    voices.sort(key=lambda voice: _FIRST.index(voice.id) if voice.id in _FIRST else len(_FIRST))
    variants = tuple(sorted(file.name for file in _variants_folder(library.data).glob("*")))
    return Catalogue(tuple(voices), identifiers, variants)


def _variants_folder(data: Path) -> Path:
    return data / "voices" / "!v"


def _voice_id(voice: ListedVoice, taken: dict[str, str]) -> str:
    """The voice's language, or its file's name where another voice has that."""
    language = voice.languages[0]
    return language if language not in taken else Path(voice.identifier).name.lower()


def _can_speak(voice: ListedVoice, data: Path) -> bool:
    """Whether it is no MBROLA voice and its dictionary is there.

    Without the dictionary the library prints a complaint and is silent, or worse.
    """
    file = data / "lang" / voice.identifier
    if voice.identifier.startswith("mb/") or not file.is_file():
        return False
    dictionary = voice.languages[0].split("-")[0]
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        key, _, value = line.strip().partition(" ")
        if key == "dictionary" and value.strip():
            dictionary = value.split()[0]
    return (data / f"{dictionary}_dict").is_file()


def _find(name: str, names: dict[str, str] | tuple[str, ...], kind: str) -> str:
    """Find a name, whatever its case."""
    by_folded = {known.casefold(): known for known in names}
    if name.casefold() in by_folded:
        return by_folded[name.casefold()]
    near = get_close_matches(name.casefold(), by_folded, n=3)
    hint = f"; near matches: {', '.join(by_folded[match] for match in near)}" if near else ""
    raise UnsupportedError(f"eSpeak NG has no {kind} {name!r}{hint}")
