"""What is checked of the facts that an engine states about itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from utterly.engine_info import EngineInfo
from utterly.isolation_settings import RESERVED
from utterly.plugins.origin import Fault


def check_is_engine_info(info: Any) -> Fault | None:
    """Everything after this reads the fields."""
    if isinstance(info, EngineInfo):
        return None
    return Fault(
        f"describe() returned {type(info).__name__}, not EngineInfo", "return utterly.EngineInfo"
    )


def check_fact_types(info: EngineInfo) -> Fault | None:
    """A wrong type here would only surface far away, when the fact is used or printed."""
    for name, (is_right, wanted) in _FACTS.items():
        value = getattr(info, name)
        if not is_right(value):
            return Fault(f"describe() gives {name} as {value!r}", f"make it {wanted}")
    return None


def check_settings_class(info: EngineInfo) -> Fault | None:
    """Settings are shared between threads, and an engine must work with none of them set."""
    settings = info.settings
    if settings is None or _is_settings_class(settings):
        return None
    return Fault(
        "describe() names settings that are not a frozen dataclass with a default for each field",
        "write @dataclass(frozen=True) above the class, and a default for each field",
    )


def check_setting_names(info: EngineInfo) -> Fault | None:
    """A name that every engine has a setting by could not be set for this one."""
    own = dataclasses.fields(info.settings) if info.settings else ()
    taken = sorted({entry.name for entry in own} & {*RESERVED, "use"})
    if not taken:
        return None
    return Fault(
        f"describe() names a setting {taken[0]!r}, which every engine has already",
        "call it something else",
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(_is_text, value))


def _is_whole(value: Any) -> bool:
    return isinstance(value, int)


def _is_environment(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(text, str) for pair in value.items() for text in pair
    )


def _is_recommended(value: Any) -> bool:
    return value in ("none", "process")


def _is_limit(value: Any) -> bool:
    return value is None or (isinstance(value, int) and value > 0)


_FACTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (_is_text, "text"),
    "languages": (_is_texts, "a tuple of texts"),
    "features": (_is_texts, "a tuple of texts"),
    "licence": (_is_text, "text"),
    "runtime_licences": (_is_texts, "a tuple of texts"),
    "sample_rate": (_is_whole, "a whole number"),
    "concurrency": (_is_whole, "a whole number"),
    "longest_segment": (_is_limit, "a whole number above 0, or None"),
    "model_size": (_is_limit, "a whole number above 0, or None"),
    "environment": (_is_environment, "a mapping from texts to texts"),
    "recommended_isolation": (_is_recommended, "'none' or 'process'"),
}

INFO_CHECKS: tuple[Callable[[Any], Fault | None], ...] = (
    check_is_engine_info,
    check_fact_types,
    check_settings_class,
    check_setting_names,
)


def find_info_fault(info: Any) -> Fault | None:
    """The first thing wrong with what `describe` returned."""
    return next((fault for check in INFO_CHECKS if (fault := check(info))), None)


def _is_settings_class(settings: Any) -> bool:
    """Whether it is a frozen dataclass that can be made without arguments."""
    if not (isinstance(settings, type) and dataclasses.is_dataclass(settings)):
        return False
    frozen: bool = settings.__dataclass_params__.frozen  # type: ignore[attr-defined]  # not typed
    return frozen and all(
        entry.default is not dataclasses.MISSING or entry.default_factory is not dataclasses.MISSING
        for entry in dataclasses.fields(settings)
        if entry.init
    )
