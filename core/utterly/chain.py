"""Which engines a request goes through, by configured name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from utterly.errors import InvalidRequestError, NoEngineError
from utterly.plugins.names import OWN_ENGINES

DEFAULT_CHAIN = ("kokoro", "espeak")
"""Tried when nobody names engines, as far as installed; all others join only when named."""


def parse_engines(engines: str | Iterable[str]) -> tuple[str, ...]:
    """Read names from `"a,b"` or from a sequence, each once."""
    names = engines.split(",") if isinstance(engines, str) else engines
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def resolve_chain(
    named: Sequence[str], installed: Sequence[str], configured: Sequence[str], voice_engine: str
) -> tuple[str, ...]:
    """Decide who is tried, in order.

    Args:
        named: What the caller named; empty for the default chain.
        installed: Names of engine plugins that are there.
        configured: Names that the user's file makes.
        voice_engine: The engine of the voice that was asked for, empty where none was. In a
            default chain it comes first: asking for a voice is naming its engine.

    Raises:
        InvalidRequestError: A name that means nothing, or a voice of an engine outside the chain.
        NoEngineError: Nothing is there to speak with.
    """
    for name in (*named, *([voice_engine] if voice_engine else [])):
        _check_known(name, (*installed, *configured))
    if named:
        if voice_engine and voice_engine not in named:
            raise InvalidRequestError(
                f"the voice belongs to {voice_engine!r}, which is not among the engines"
                f" {', '.join(named)}"
            )
        return tuple(named)
    default = [name for name in DEFAULT_CHAIN if name in installed]
    chain = tuple(dict.fromkeys([voice_engine, *default] if voice_engine else default))
    if not chain:
        raise NoEngineError(
            "nothing is installed to speak with: pip install utterly-espeak"
            + (f", or name one of {', '.join(installed)}" if installed else "")
        )
    return chain


def usual_chain(named: Iterable[Sequence[str] | None], installed: Sequence[str]) -> tuple[str, ...]:
    """Who is tried where a request says nothing, for pages that show it beforehand.

    Args:
        named: What each place says that may name engines, the strongest first.
        installed: Names of engine plugins that can be used.
    """
    said = next(filter(None, named), ())
    return tuple(said) or tuple(name for name in DEFAULT_CHAIN if name in installed)


def _check_known(name: str, known: Sequence[str]) -> None:
    if name in known or name in OWN_ENGINES:
        return
    near = get_close_matches(name, {*known, *OWN_ENGINES}, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`utterly engines` lists them"
    raise InvalidRequestError(f"no engine is called {name!r}: {hint}")
