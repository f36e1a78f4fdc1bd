"""A value that never shows itself by accident."""

from __future__ import annotations


class Secret:
    """A key or password; it prints as `***` wherever it turns up, and never pickles.

    The value comes out by `reveal()` alone, so that every place that uses it can be found.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise TypeError("a Secret does not leave the process")
