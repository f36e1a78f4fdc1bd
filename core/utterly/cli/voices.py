"""`utterly voices`: who can speak."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from utterly.cli.completion import EngineName


@click.command("voices")
@click.option("--engine", metavar="E", type=EngineName(), help="Only this engine's.")
@click.option("--language", metavar="L", help="Only voices that speak it, the best match first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_voices(engine: str | None, language: str | None, as_json: bool) -> int:
    """List voices as engine:id, with language, gender and name."""
    import utterly

    voices = utterly.voices(engine, language)
    if as_json:
        click.echo(json.dumps([asdict(voice) for voice in voices], ensure_ascii=False, indent=2))
        return 0
    rows = [(v.reference, v.languages[0], v.gender or "-", v.name or v.id) for v in voices]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        click.echo("  ".join([*cells, row[3]]).rstrip())
    if not rows:
        click.echo("utterly: no voice fits; `utterly engines` tells which engines work", err=True)
    return 0 if rows else 1
