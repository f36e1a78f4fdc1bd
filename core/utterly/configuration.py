"""The user's file: which engines are configured, how to speak, and who the personas are."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from utterly.errors import SettingsError
from utterly.personas import Persona, read_persona
from utterly.preferences import Preferences, read_preference
from utterly.settings import SettingsLayer, environment_layer
from utterly.toml_file import parse_toml

_PREFERENCES = {
    "voice": "voice",
    "language": "language",
    "speed": "speed",
    "chain": "engines",
    "strict": "strict",
    "offline": "offline",
}
"""What each is called in the file, where `engines` are tables, and in the code."""


@dataclass(frozen=True, slots=True)
class EngineConfiguration:
    """One `[engines.NAME]` table.

    Attributes:
        use: Name of the engine plugin behind the configured name.
        settings: Values by field name, not yet checked.
    """

    use: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the user's file says.

    Attributes:
        path: The file, whether it exists or not.
        engines: By configured name.
        preferences: How to speak.
        personas: By name.
    """

    path: Path
    engines: Mapping[str, EngineConfiguration] = field(default_factory=dict)
    preferences: Preferences = field(default_factory=Preferences)
    personas: Mapping[str, Persona] = field(default_factory=dict)

    def engine(self, name: str) -> EngineConfiguration:
        """The configuration of an engine; one that the file does not mention uses its own name."""
        return self.engines.get(name) or EngineConfiguration(use=name)


def configuration_path() -> Path:
    """Where the user's file is: `UTTERLY_CONFIG`, else `config.toml` in the platform's folder."""
    if named := os.environ.get("UTTERLY_CONFIG"):
        return Path(named)
    import platformdirs

    return platformdirs.user_config_path("utterly", appauthor=False) / "config.toml"


def read_configuration(path: Path | None = None) -> Configuration:
    """Read the user's file; a missing one is an empty one.

    Raises:
        SettingsError: It is not TOML, or says something that has no meaning.
    """
    path = path or configuration_path()
    source = str(path)
    tables = _read_toml(path)
    _check_keys(tables, (*_PREFERENCES, "engines", "personas"), source)
    values = {
        name: read_preference(name, tables[key], source, key)
        for key, name in _PREFERENCES.items()
        if key in tables
    }
    return Configuration(
        path,
        {
            name: _engine_configuration(name, table, path)
            for name, table in _tables(tables, "engines", source).items()
        },
        Preferences(source, **values),
        {
            name: read_persona(name, table, source)
            for name, table in _tables(tables, "personas", source).items()
        },
    )


def settings_layers(
    configuration: Configuration, name: str, others: Sequence[str]
) -> tuple[SettingsLayer, ...]:
    """What the environment and the user's file say of an engine's settings, the strongest first.

    Args:
        configuration: The user's file.
        name: The configured name.
        others: Names of other engines, whose variables may begin alike.
    """
    return (
        environment_layer(name, tuple({*others, *configuration.engines})),
        SettingsLayer.of(configuration.engine(name).settings, str(configuration.path)),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return parse_toml(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}", source=str(path)) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror or error}", source=str(path)
        ) from error


def _tables(document: Mapping[str, Any], key: str, source: str) -> dict[str, Any]:
    """The tables `[KEY.NAME]`, by name."""
    tables = document.get(key, {})
    if not isinstance(tables, dict):
        hint = "; the order of engines is `chain`" if key == "engines" else ""
        raise SettingsError(
            f"{source}: write each of {key} as a table [{key}.NAME]{hint}", source=source
        )
    return tables


def _check_keys(tables: Mapping[str, Any], known: tuple[str, ...], source: str) -> None:
    for name in tables:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it may have {', '.join(known)}"
            raise SettingsError(f"{source}: unknown entry {name!r}; {hint}", source=source)


def _engine_configuration(name: str, table: Any, path: Path) -> EngineConfiguration:
    if not isinstance(table, dict):
        raise SettingsError(
            f"{path}: engines.{name} must be a table: write [engines.{name}]", source=str(path)
        )
    use = table.get("use", name)
    if not isinstance(use, str):
        raise SettingsError(f"{path}: engines.{name}.use must name an engine", source=str(path))
    return EngineConfiguration(use, {key: value for key, value in table.items() if key != "use"})
