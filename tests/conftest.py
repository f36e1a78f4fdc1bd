"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from utterly.testing import Fault, ScriptedEngine, register_engine

InstallEngine = Callable[..., ScriptedEngine]


@pytest.fixture
def install() -> Iterator[InstallEngine]:
    """Register scripted engines for one test, and end their hangs after it."""
    with ExitStack() as stack:

        def install_engine(name: str, *faults: Fault, **options: Any) -> ScriptedEngine:
            engine = stack.enter_context(ScriptedEngine(*faults, name=name, **options))
            stack.enter_context(register_engine(engine, name))
            return engine

        yield install_engine
