"""How to speak where a call does not say: what one place says of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from utterly.errors import SettingsError
from utterly.settings import convert_value, misfit

FASTEST = 2.0
SLOWEST = 0.5
ARGUMENT = "argument"

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
_TAKES_NAMES = "names of engines, separated by commas in the environment"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What one place says of how to speak; `None` where it says nothing.

    Attributes:
        source: The place: `"argument"`, `"environment"`, or a file.
        engines: The chain, by configured name; `chain` in a file, which has tables `engines`.
        voice: `engine:id`, a persona, or an id that one engine of the chain has.
        language: BCP 47 tag.
        speed: Factor, 0.5 to 2.
        strict: Whether nobody may stand in for the first engine.
        offline: Whether to connect to no address beyond loopback.
    """

    source: str = ARGUMENT
    engines: tuple[str, ...] | None = None
    voice: str | None = None
    language: str | None = None
    speed: float | None = None
    strict: bool | None = None
    offline: bool | None = None


@dataclass(frozen=True, slots=True)
class _Form:
    """What a preference looks like."""

    type: Any
    takes: str
    fits: Callable[[Any], bool] = bool


def is_name(text: str) -> bool:
    """Whether a text can stand in a line, and is not blank."""
    return text.isprintable() and bool(text.strip())


_FORMS = {
    "engines": _Form(
        tuple[str, ...], _TAKES_NAMES, lambda names: bool(names) and all(map(is_name, names))
    ),
    "voice": _Form(str, "engine:id, a persona, or the id of a voice", is_name),
    "language": _Form(
        str, "a language tag such as en or pt-BR", lambda text: bool(_LANGUAGE.fullmatch(text))
    ),
    "speed": _Form(
        float, f"a number from {SLOWEST:g} to {FASTEST:g}", lambda x: SLOWEST <= x <= FASTEST
    ),
    "strict": _Form(bool, "true or false", lambda _: True),
    "offline": _Form(bool, "true or false", lambda _: True),
}

_VARIABLES = {f"UTTERLY_{name.upper()}": name for name in _FORMS}
"""None has a second underscore, so none can be `UTTERLY_<ENGINE>_<FIELD>`."""

_OTHER_VARIABLES = ("UTTERLY_CONFIG", "UTTERLY_DISABLE")


def read_preference(name: str, value: Any, source: str, label: str = "") -> Any:
    """Check one value and give it its type.

    Args:
        name: A field of `Preferences`.
        value: As it was found.
        source: Where.
        label: What it is called there, where that is not `name`.

    Raises:
        SettingsError: It does not fit; the message says where it stands and what would.
    """
    form = _FORMS[name]
    try:
        converted = convert_value(label or name, value, form.type, source)
    except SettingsError:
        raise misfit(label or name, repr(value), form.takes, source) from None
    if not form.fits(converted):
        raise misfit(label or name, repr(value), form.takes, source)
    return converted


def environment_preferences(environment: Mapping[str, str] = os.environ) -> Preferences:
    """Read `UTTERLY_VOICE` and the like; an empty one counts as not set.

    Raises:
        SettingsError: A value that does not fit, or a name that is nearly right.
    """
    found: dict[str, Any] = {}
    for variable, value in environment.items():
        if variable in _VARIABLES and value.strip():
            name = _VARIABLES[variable]
            found[name] = read_preference(name, value.strip(), variable, variable)
        elif variable.startswith("UTTERLY_") and variable.count("_") == 1:
            _check_variable(variable)
    return Preferences("the environment", **found)


def _check_variable(variable: str) -> None:
    """Refuse a misspelt variable; one that is like none of ours may be somebody else's."""
    near = get_close_matches(variable, _VARIABLES, n=1, cutoff=0.8)
    if near and variable not in (*_VARIABLES, *_OTHER_VARIABLES):
        raise SettingsError(
            f"no environment variable {variable} is known: did you mean {near[0]}?",
            source=variable,
        )
