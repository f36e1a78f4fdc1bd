"""Plugins for the length of a block."""

from __future__ import annotations

import pytest

from utterly import PluginError
from utterly.plugins import installed_plugins
from utterly.testing import (
    RecordingObserver,
    ScriptedEngine,
    register_engine,
    register_extension,
)


def test_engine_is_there_within_the_block() -> None:
    """It is installed in the block, and not after it."""
    with register_engine(ScriptedEngine(name="Temporary"), "temporary") as engine:
        title = installed_plugins().engine("temporary").info.title

    assert engine.info.title == title
    with pytest.raises(PluginError):
        installed_plugins().engine("temporary")


def test_extension_is_there_within_the_block() -> None:
    """It is installed in the block, and not after it."""
    with register_extension(RecordingObserver(), "temporary"):
        found = installed_plugins().extension("temporary").has("on_event")

    assert found
    with pytest.raises(PluginError):
        installed_plugins().extension("temporary")


def test_engine_goes_after_an_error_too() -> None:
    """A failing test leaves nothing behind."""
    with pytest.raises(KeyError), register_engine(ScriptedEngine(), "temporary"):
        raise KeyError

    assert "temporary" not in installed_plugins().engine_names()


def test_refused_engine_is_said_so() -> None:
    """Utterly's own reason comes through."""
    with (
        pytest.raises(PluginError, match="the class ScriptedEngine, not an instance"),
        register_engine(ScriptedEngine, "temporary"),
    ):
        pytest.fail("it was taken")
