"""Edge keeps the contract of every engine, against a server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.servers.edge import EdgeServer

from utterly.testing import EngineContract


class TestEdge(EngineContract):
    """The acceptance tests, unchanged."""

    engine = "edge"

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def served(cls) -> Iterator[None]:
        """A server for the class, before the engine's fixtures read the settings."""
        with EdgeServer() as server:
            settings: dict[str, Any] = server.settings()
            cls.settings = settings
            yield
