"""Checks of an engine's settings; that they are frozen and have defaults, registration checks."""

# ruff: noqa: S101  # pytest turns these into failures with their values
from __future__ import annotations

import re
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from utterly.secret import Secret

if TYPE_CHECKING:
    from utterly.testing.contract.engine import EngineUnderTest

_FILLABLE = (bool, int, float, str, Path, Secret, NoneType)
_SECRET_NAME = re.compile(r"(^|_)(key|token|password|secret|credential)s?$")


class SettingsChecks:
    """What a user can set, and how."""

    def test_settings_can_be_filled(self, tested: EngineUnderTest) -> None:
        """Every field has a type that text in a file or the environment can be read as."""
        odd = [name for name, kind in _field_types(tested).items() if not _is_fillable(kind)]

        assert not odd, (
            f"settings {odd} have types that cannot be filled in: use bool, int, float, str, Path,"
            " Secret, Literal, a tuple of these, or one of these | None"
        )

    def test_keys_are_secret(self, tested: EngineUnderTest) -> None:
        """What opens an account never prints itself."""
        open_keys = [
            name
            for name, kind in _field_types(tested).items()
            if _SECRET_NAME.search(name) and str in (kind, *get_args(kind))
        ]

        assert not open_keys, f"settings {open_keys} print as they are: make them utterly.Secret"


def _field_types(tested: EngineUnderTest) -> dict[str, Any]:
    settings = tested.info.settings
    return get_type_hints(settings) if settings else {}


def _is_fillable(kind: Any) -> bool:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return True
    if origin in (Union, UnionType, tuple):
        return all(_is_fillable(part) for part in parts if part is not Ellipsis)
    return kind in _FILLABLE
