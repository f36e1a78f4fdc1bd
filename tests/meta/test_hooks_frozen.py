"""The contract with plugins: the hooks and their parameters, which may grow and never change."""

from __future__ import annotations

import inspect

import pytest

from utterly.hookspecs import UTTERLY_API, EngineSpecs, ExtensionSpecs

FIRST_RESULT, EVERYBODY = True, False

FROZEN = {
    EngineSpecs.describe: ((), FIRST_RESULT),
    EngineSpecs.voices: (("engine", "settings", "context"), FIRST_RESULT),
    EngineSpecs.explain_setup: (("engine", "settings", "context"), FIRST_RESULT),
    EngineSpecs.ensure_model: (("engine", "settings", "context"), FIRST_RESULT),
    EngineSpecs.remove_model: (("engine", "settings", "context"), FIRST_RESULT),
    EngineSpecs.load: (("engine", "settings", "model_files", "context"), FIRST_RESULT),
    EngineSpecs.synthesize: (("engine", "settings", "model", "request", "context"), FIRST_RESULT),
    EngineSpecs.unload: (("engine", "settings", "model", "context"), FIRST_RESULT),
    ExtensionSpecs.around_synthesize: (("engine", "request", "speak", "context"), FIRST_RESULT),
    ExtensionSpecs.on_event: (("event",), EVERYBODY),
}
"""Add to the end of a list at will; a change that breaks plugins needs another `UTTERLY_API`."""


@pytest.mark.parametrize("hook", FROZEN, ids=lambda hook: hook.__name__)
def test_parameters_are_frozen(hook: object) -> None:
    """A plugin written today asks for these by name, and finds them tomorrow."""
    parameters = tuple(inspect.signature(hook).parameters)[1:]  # type: ignore[arg-type]  # a function

    assert FROZEN[hook][0] == parameters  # type: ignore[index]  # as above


@pytest.mark.parametrize("hook", FROZEN, ids=lambda hook: hook.__name__)
def test_kind_of_call_is_frozen(hook: object) -> None:
    """Whether one answer counts or everybody is asked."""
    options = hook.utterly_spec  # type: ignore[attr-defined]  # set by the marker

    assert FROZEN[hook][1] == options["firstresult"]  # type: ignore[index]  # as above
    assert not options["historic"]


@pytest.mark.parametrize("specs", [EngineSpecs, ExtensionSpecs])
def test_no_hook_is_missing_in_the_table(specs: type) -> None:
    """A new hook is frozen from the day it is added."""
    hooks = {value for value in vars(specs).values() if inspect.isfunction(value)}

    assert hooks <= set(FROZEN)


def test_api_version_is_frozen() -> None:
    """Raising it turns every plugin away that was written for the old one."""
    assert 1 == UTTERLY_API
