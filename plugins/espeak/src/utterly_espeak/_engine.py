"""The engine between `load` and `unload`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from utterly import EngineUnavailableError, UnsupportedError, Voice
from utterly_espeak._finding import find_library
from utterly_espeak._voices import Catalogue, read_catalogue

if TYPE_CHECKING:
    from utterly_espeak._library import Library
    from utterly_espeak._settings import EspeakSettings


@dataclass(frozen=True, slots=True)
class Espeak:
    """The library, ready to speak; several may share one.

    Attributes:
        library: Shared by everybody in this process who uses the same file and data.
        catalogue: What there is to speak with.
    """

    library: Library
    catalogue: Catalogue

    @classmethod
    def load(cls, settings: EspeakSettings) -> Espeak:
        """Find the library and start it.

        Raises:
            EngineUnavailableError: The library, its data or the variant of the settings is missing.
        """
        library = find_library(settings)
        catalogue = read_catalogue(library)
        if settings.variant:
            _check_variant(catalogue, settings.variant)
        return cls(library, catalogue)

    def unload(self) -> None:
        """Give back what a voice needs; the next utterance brings its own again."""
        self.library.rest(self.catalogue.identifiers[self.catalogue.voices[0].id])


def list_voices(settings: EspeakSettings) -> tuple[Voice, ...]:
    """List the voices.

    Raises:
        EngineUnavailableError: The library or its data is missing.
    """
    return read_catalogue(find_library(settings)).voices


def _check_variant(catalogue: Catalogue, variant: str) -> None:
    try:
        catalogue.find_variant(variant)
    except UnsupportedError as error:
        raise EngineUnavailableError(str(error), mend="change the setting variant") from error
