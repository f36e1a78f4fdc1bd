"""The tables of `docs/failing-over.md`, made from the code that they describe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from utterly.policy import Policy
from utterly.reactions import REACTIONS

AGAIN = {
    "no": "no",
    "transient": "while nobody listens: {buffered} times within {seconds:g} s;"
    " live: {live} time, and only if nobody else is healthy",
    "once": "once",
    "once if cloud": "once if it is in the cloud",
    "after a crash": "once; live: only if nobody else is healthy",
    "after waiting": "once, if nobody else is healthy and the wait is short enough",
}
EFFECTS = {
    "none": "as well as before",
    "voice": "as well as before; the voice is left alone for a while",
    "counted": "counted: {failures} within {seconds:g} s open the circuit",
    "open": "the circuit opens at once",
    "disabled": "disabled until the user mends something",
}


def fill_tables(page: str, package: Any) -> str:
    """Put the tables between the marks of a page.

    Args:
        page: Its text.
        package: `utterly`, as griffe read it.
    """
    page = _fill(page, "failures", _failures())
    return _fill(page, "policy", _policy(package))


def _fill(page: str, name: str, rows: Iterator[str]) -> str:
    start = f"<!-- table: {name} -->"
    before, _, rest = page.partition(start)
    _, end, after = rest.partition("<!-- end -->")
    table = "\n".join(rows)
    return f"{before}{start}\n\n{table}\n\n{end}{after}"


def _failures() -> Iterator[str]:
    policy = Policy()
    again = {"buffered": policy.buffered_retries, "live": policy.live_retries}
    yield "| failure | the same engine again | the next engine | the engine's health |"
    yield "|---|---|---|---|"
    for error, reaction in REACTIONS.items():
        tries = AGAIN[reaction.again].format(**again, seconds=policy.retry_seconds)
        effect = EFFECTS[reaction.effect].format(
            failures=policy.counted_failures, seconds=policy.counted_seconds
        )
        name = "anything else" if error.__name__ == "EngineError" else f"`{error.__name__}`"
        following = "yes" if reaction.next_engine else 'only with `on_rejected="next"`'
        yield f"| {name} | {tries} | {following} | {effect} |"


def _policy(package: Any) -> Iterator[str]:
    docstring = package["policy.Policy"].docstring
    sections = docstring.parse("google", warnings=False)
    attributes = next(s.value for s in sections if s.kind.value == "attributes")
    meanings = {entry.name: " ".join(entry.description.split()) for entry in attributes}
    yield "| field | default | meaning |"
    yield "|---|---|---|"
    for entry in fields(Policy):
        yield f"| `{entry.name}` | `{entry.default!r}` | {meanings[entry.name]} |"
