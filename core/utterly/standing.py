"""What holds for all requests of a speaker, by the place that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from utterly.configuration import read_configuration
from utterly.folder_file import FolderFile, read_folder_file
from utterly.personas import Persona
from utterly.preferences import Preferences, environment_preferences


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for all requests of a speaker.

    Attributes:
        places: What each says, the strongest first: arguments, environment, the user's file, the
            folder's.
        personas: The user's, and those of the folder's that are called otherwise.
        folder: The folder's file.
    """

    places: tuple[Preferences, ...]
    personas: Mapping[str, Persona]
    folder: FolderFile

    @classmethod
    def gather(cls, arguments: Preferences) -> Standing:
        """Read the environment and the files.

        Raises:
            SettingsError: The environment or the user's file says something wrong.
        """
        user, folder = read_configuration(), read_folder_file()
        environment = environment_preferences()
        places = (arguments, environment, user.preferences, folder.preferences)
        return cls(places, {**folder.personas, **user.personas}, folder)

    def says(self, name: Literal["strict", "offline"]) -> bool:
        """What the strongest place says that says anything."""
        said = (getattr(place, name) for place in self.places)
        return bool(next((value for value in said if value is not None), False))

    def is_folders(self, place: Preferences | Persona) -> bool:
        """Whether it comes from the folder's file, so that it must do no harm."""
        if isinstance(place, Persona):
            return self.folder.personas.get(place.name) is place
        return place is self.folder.preferences
