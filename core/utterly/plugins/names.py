"""Which names a plugin may have, and which the user turned off."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

from utterly.plugins.origin import ENGINE, Fault, Kind

DISABLE_VARIABLE = "UTTERLY_DISABLE"
RESERVED_NAMES = frozenset({"all", "default", "none", "utterly"})
OWN_ENGINES = ("espeak", "kokoro", "edge", "gemini")
"""Engines of this project; each is the distribution `utterly-NAME`."""

_NAME_FORM = re.compile(r"[a-z][a-z0-9_]*")


def check_name_form(name: str) -> Fault | None:
    """A colon ends the engine's part of a voice; a hyphen cannot stand in a variable's name."""
    if _NAME_FORM.fullmatch(name):
        return None
    return Fault(
        "its name is not a small letter followed by small letters, digits and underscores",
        "rename its entry point",
    )


def check_name_not_reserved(name: str) -> Fault | None:
    """Some words mean something else wherever a name is expected."""
    if name not in RESERVED_NAMES:
        return None
    return Fault("its name is reserved", "rename its entry point")


NAME_CHECKS: tuple[Callable[[str], Fault | None], ...] = (check_name_form, check_name_not_reserved)


def find_name_fault(name: str) -> Fault | None:
    """The first thing wrong with a name."""
    return next((fault for check in NAME_CHECKS if (fault := check(name))), None)


def disabled_names() -> frozenset[str]:
    """The names in `UTTERLY_DISABLE`, as the environment is now."""
    listed = os.environ.get(DISABLE_VARIABLE, "").split(",")
    return frozenset(name.strip().lower() for name in listed if name.strip())


def disabled_fault(name: str) -> Fault:
    """Say that a plugin was turned off."""
    return Fault(
        f"it is turned off by {DISABLE_VARIABLE}",
        f"take {name!r} out of that environment variable to turn it on",
    )


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that was probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, sorted(names), n=1)), None)


def unknown_fault(kind: Kind, name: str, installed: Iterable[str]) -> Fault:
    """Say that there is no such plugin, and how to come by the one that was meant."""
    there = frozenset(installed)
    ours = OWN_ENGINES if kind is ENGINE else ()
    meant = name if name in ours else nearest_name(name, there.union(ours))
    question = "" if meant in (name, None) else f"did you mean {meant!r}? "
    install = f"pip install utterly-{meant}" if meant in ours and meant not in there else ""
    return Fault(
        f"no such {kind.name} is installed", (question + install).strip() or _choices(there)
    )


def _choices(installed: frozenset[str]) -> str:
    """What to do where no name comes near."""
    mend = "install the distribution that brings it"
    return f"{mend}, or use {', '.join(sorted(installed))}" if installed else mend
