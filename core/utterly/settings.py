"""Engine settings: a plugin's frozen dataclass, filled in from several places, each recorded."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from utterly.errors import SettingsError
from utterly.secret import Secret


@dataclass(frozen=True, slots=True)
class FilledSettings:
    """An engine's settings and where each value came from.

    Attributes:
        value: The plugin's dataclass, `None` for an engine without settings.
        sources: For each field `"argument"`, the environment variable, the file, or `"default"`.
    """

    value: Any
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SettingsLayer:
    """Values from one place, not yet checked.

    Attributes:
        values: By field name.
        sources: The place of each, by field name.
    """

    values: Mapping[str, Any]
    sources: Mapping[str, str]

    @classmethod
    def of(cls, values: Mapping[str, Any], source: str) -> SettingsLayer:
        """All values from the same place."""
        return cls(values, dict.fromkeys(values, source))

    def only(self, names: Collection[str]) -> SettingsLayer:
        """What it says of some fields."""
        values = {name: value for name, value in self.values.items() if name in names}
        return SettingsLayer(values, self.sources)

    def without(self, names: Collection[str]) -> SettingsLayer:
        """What it says of all other fields."""
        return self.only(self.values.keys() - set(names))


def environment_layer(engine: str, other_engines: tuple[str, ...] = ()) -> SettingsLayer:
    """Read `UTTERLY_<ENGINE>_<FIELD>` from the environment.

    Args:
        engine: Configured name.
        other_engines: Names whose variables begin alike and are not this engine's:
            `UTTERLY_STUDIO_FAST_RATE` belongs to `studio_fast` where there is one.
    """
    prefix = _prefix(engine)
    others = tuple(_prefix(name) for name in other_engines if len(name) > len(engine))
    found = {
        name[len(prefix) :].lower(): name
        for name in os.environ
        if name.startswith(prefix) and not name.startswith(others)
    }
    return SettingsLayer({key: os.environ[name] for key, name in found.items()}, found)


def fill_settings(
    settings_class: type[Any] | None, engine: str, *layers: SettingsLayer
) -> FilledSettings:
    """Fill in a settings class.

    Args:
        settings_class: Frozen dataclass with a default for every field, or `None`.
        engine: Configured name, for messages.
        layers: Where values may come from, the strongest first.

    Raises:
        SettingsError: A wrong name or value; the message says where it stands and what would do.
    """
    types = get_type_hints(settings_class) if settings_class else {}
    for layer in layers:
        for name in layer.values:
            _check_name(engine, name, types, layer.sources[name])
    if settings_class is None:
        return FilledSettings(None)
    values: dict[str, Any] = {}
    sources = dict.fromkeys((entry.name for entry in fields(settings_class)), "default")
    for layer in reversed(layers):
        for name, value in layer.values.items():
            place = layer.sources[name]
            values[name] = convert_value(f"{engine}.{name}", value, types[name], place)
            sources[name] = layer.sources[name]
    return FilledSettings(_construct(settings_class, engine, values, sources), sources)


def _prefix(engine: str) -> str:
    return f"UTTERLY_{engine.upper()}_"


def _check_name(engine: str, name: str, types: Mapping[str, Any], source: str) -> None:
    if name in types:
        return
    if not types:
        hint = "it has no settings"
    elif near := get_close_matches(name, types, n=1):
        hint = f"did you mean {near[0]!r}?"
    else:
        hint = f"it has {', '.join(types)}"
    raise SettingsError(
        f"engine {engine!r} has no setting {name!r} (from {source}): {hint}", source=source
    )


def _construct(
    settings_class: type[Any], engine: str, values: dict[str, Any], sources: Mapping[str, str]
) -> Any:
    try:
        return settings_class(**values)
    except (TypeError, ValueError) as error:
        given = sorted({source for source in sources.values() if source != "default"})
        source = ", ".join(given) or "default"
        raise SettingsError(
            f"settings of engine {engine!r} (from {source}): {error}", source=source
        ) from error


def convert_value(name: str, value: Any, wanted: Any, source: str) -> Any:
    """Turn a value from a file, the environment or an argument into the type that is wanted.

    Raises:
        SettingsError: It does not fit; the message has no secret in it.
    """
    import msgspec

    if isinstance(value, str) and _is_sequence(wanted):
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, wanted, strict=False, dec_hook=_convert_own)
    except (msgspec.ValidationError, ValueError):
        shown = "***" if Secret in _alternatives(wanted) else repr(value)
        # The cause is left out: it may carry the value of a secret.
        raise misfit(name, shown, describe_type(wanted), source) from None


def misfit(name: str, shown: str, takes: str, source: str) -> SettingsError:
    """The error for a value that does not fit."""
    return SettingsError(
        f"setting {name} = {shown} (from {source}) does not fit: it takes {takes}", source=source
    )


def _convert_own(wanted: type[Any], value: Any) -> Any:
    """Convert to the types that msgspec leaves to us."""
    if isinstance(value, wanted):
        return value
    if wanted in (Path, Secret) and isinstance(value, str) and value.strip():
        return Path(value).expanduser() if wanted is Path else Secret(value.strip())
    raise ValueError


def _alternatives(wanted: Any) -> tuple[Any, ...]:
    """The members of a union, or the type alone."""
    return get_args(wanted) if get_origin(wanted) in (Union, UnionType) else (wanted,)


def _is_sequence(wanted: Any) -> bool:
    return any(get_origin(entry) in (tuple, list) for entry in _alternatives(wanted))


def describe_type(wanted: Any) -> str:
    """What a field takes, for people."""
    return " or ".join(_describe_one(entry) for entry in _alternatives(wanted))


def _describe_one(wanted: Any) -> str:
    if get_origin(wanted) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(wanted))
    if get_origin(wanted) in (tuple, list):
        return "values separated by commas"
    names = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "text",
        Path: "a path",
        Secret: "a secret, not blank",
        type(None): "nothing",
    }
    return names.get(wanted, getattr(wanted, "__name__", str(wanted)))
