"""What `utterly engines` says of an engine's settings: each value, and where it comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

from utterly.configuration import Configuration, settings_layers
from utterly.isolation_settings import split_settings
from utterly.secret import Secret
from utterly.settings import FilledSettings, describe_type, fill_settings


@dataclass(frozen=True, slots=True)
class SettingReport:
    """One setting of one engine.

    Attributes:
        name: The field.
        value: As JSON has it; `"***"` for a secret that is set.
        source: The environment variable, the file, or `"default"`.
        takes: What would be accepted, in words.
    """

    name: str
    value: Any
    source: str
    takes: str


def report_settings(
    settings_class: type[Any] | None, name: str, configuration: Configuration, others: Sequence[str]
) -> tuple[SettingReport, ...]:
    """Report on every setting of an engine: its own, then those that every engine has.

    Args:
        settings_class: The plugin's.
        name: The configured name.
        configuration: The user's file.
        others: Names of other engines, whose variables may begin alike.

    Raises:
        SettingsError: A wrong name or value.
    """
    isolation, layers = split_settings(name, settings_layers(configuration, name, others))
    own = fill_settings(settings_class, name, *layers)
    return (*_report(own), *_report(isolation))


def _report(filled: FilledSettings) -> Iterator[SettingReport]:
    """What was filled in, field by field."""
    if filled.value is None:
        return
    types = get_type_hints(type(filled.value))
    for entry in dataclasses.fields(filled.value):
        if entry.init:
            yield SettingReport(
                entry.name,
                _as_json(getattr(filled.value, entry.name)),
                filled.sources[entry.name],
                describe_type(types[entry.name]),
            )


def _as_json(value: Any) -> Any:
    """A value as JSON has it; what JSON has no form for as text, in which secrets are `***`."""
    if isinstance(value, tuple | list):
        return [_as_json(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return repr(value) if isinstance(value, Secret) else str(value)
