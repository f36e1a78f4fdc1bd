"""Tests of errors that are odd in themselves."""

from __future__ import annotations

import pytest

from utterly import EngineDefectError, EngineError
from utterly.engine.faults import as_engine_error


class MuteError(Exception):
    """An error that cannot be put into words."""

    def __str__(self) -> str:
        raise ValueError("no words")


class MuteEngineError(EngineError):
    """The same, of a class that we know."""

    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    ("error", "expected"), [(MuteError(), EngineDefectError), (MuteEngineError(), EngineError)]
)
def test_error_without_words_is_an_error_all_the_same(
    error: Exception, expected: type[EngineError]
) -> None:
    """What comes of it can be told in a line, and the original is its cause."""
    translated = as_engine_error(error)

    assert (expected, error) == (type(translated), translated.__cause__)
    assert str(translated).isprintable()
