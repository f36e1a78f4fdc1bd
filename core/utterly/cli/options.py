"""Options that several commands have, and what is read from them."""

from __future__ import annotations

import json
from typing import Any

import click

from utterly.cli.completion import EngineName

Settings = dict[str, dict[str, str]]
"""By configured name, then by field."""


def parse_settings(
    _context: click.Context, _parameter: click.Parameter, assignments: tuple[str, ...]
) -> Settings:
    """Read `ENGINE.FIELD=VALUE`, as often as it was given.

    Raises:
        click.BadParameter: One is written differently.
    """
    settings: Settings = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        engine, dot, field = name.strip().partition(".")
        if not (equals and dot and engine and field):
            raise click.BadParameter(f"{assignment!r}: write ENGINE.FIELD=VALUE")
        settings.setdefault(engine, {})[field] = value
    return settings


engine_argument = click.argument("engine", type=EngineName())
settings_option = click.option(
    "--set",
    "settings",
    metavar="ENGINE.FIELD=VALUE",
    multiple=True,
    callback=parse_settings,
    help="A setting.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")


def echo_json(document: Any) -> None:
    """Write one JSON document to standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
