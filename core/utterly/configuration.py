"""The user's file: which engines are configured, and how."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from utterly.errors import SettingsError


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
    """

    path: Path
    engines: Mapping[str, EngineConfiguration] = field(default_factory=dict)

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
    tables = _read_toml(path)
    _check_keys(tables, ("engines",), str(path))
    engines = tables.get("engines", {})
    if not isinstance(engines, dict):
        raise SettingsError(
            f"{path}: write each engine as a table [engines.NAME]", source=str(path)
        )
    return Configuration(
        path, {name: _engine_configuration(name, table, path) for name, table in engines.items()}
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}", source=str(path)) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror or error}", source=str(path)
        ) from error


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
