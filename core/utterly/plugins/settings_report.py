"""What `utterly engines` says of an engine's settings: each value, and where it comes from."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, get_type_hints

from utterly.secret import Secret
from utterly.settings import FilledSettings, describe_type


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


def report_settings(filled: FilledSettings) -> tuple[SettingReport, ...]:
    """Report on settings, one by one; on none where an engine has none."""
    if filled.value is None:
        return ()
    types = get_type_hints(type(filled.value))
    return tuple(
        SettingReport(
            entry.name,
            _as_json(getattr(filled.value, entry.name)),
            filled.sources[entry.name],
            describe_type(types[entry.name]),
        )
        for entry in dataclasses.fields(filled.value)
        if entry.init
    )


def _as_json(value: Any) -> Any:
    """A value as JSON has it; what JSON has no form for as text, in which secrets are `***`."""
    if isinstance(value, tuple | list):
        return [_as_json(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return repr(value) if isinstance(value, Secret) else str(value)
