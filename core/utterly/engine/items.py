"""What a hook yields, passed through a function where it is made."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing, closing, nullcontext
from typing import Any


def map_items(function: Callable[[Any], Any], result: Any) -> Any:
    """Apply a function to each item on the hook's own thread or event loop, before it goes on.

    Args:
        function: What it returns is yielded in the item's place.
        result: What the hook returned: items of any kind, a promise of them, or nothing.

    Returns:
        The same kind of thing.
    """
    if result is None:
        return None
    if isinstance(result, Awaitable):
        return _map_later(function, result)
    if isinstance(result, AsyncIterable):
        return _map_async(function, result)
    return _map(function, result)


async def _map_later(function: Callable[[Any], Any], result: Awaitable[Any]) -> Any:
    return map_items(function, await result)


async def _map_async(
    function: Callable[[Any], Any], items: AsyncIterable[Any]
) -> AsyncIterator[Any]:
    iterator: Any = aiter(items)
    async with aclosing(iterator) if hasattr(iterator, "aclose") else nullcontext():
        async for item in iterator:
            yield function(item)


def _map(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
    iterator: Any = iter(items)
    with closing(iterator) if hasattr(iterator, "close") else nullcontext():
        for item in iterator:
            yield function(item)
