"""Gemini keeps the contract of every engine, asked for through its real library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
from tests.servers.gemini import API_KEY, GeminiServer

from utterly.testing import EngineContract


class TestGemini(EngineContract):
    """The acceptance tests, against the server of the tests."""

    engine = "gemini"
    settings: ClassVar[dict[str, str]] = {"api_key": API_KEY}

    @pytest.fixture(autouse=True)
    def connections_end(self) -> None:
        """The model of these tests keeps its connection from one to the next."""

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def server(cls) -> Iterator[GeminiServer]:
        """The other side."""
        with GeminiServer() as server:
            cls.settings = {"api_key": API_KEY, "endpoint": server.url}
            yield server
