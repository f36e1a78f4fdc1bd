"""`utterly voices`: who can speak."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from utterly.cli.completion import EngineName

if TYPE_CHECKING:
    from utterly.engine_info import Voice
    from utterly.personas import Persona


UNKNOWN = "-"


@click.command("voices")
@click.option("--engine", metavar="E", type=EngineName(), help="Only this engine's.")
@click.option("--language", metavar="L", help="Only voices that speak it, the best match first.")
@click.option("--refresh", is_flag=True, help="Ask the network for a newer list of the engine's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_voices(*, engine: str | None, language: str | None, refresh: bool, as_json: bool) -> int:
    """List voices as engine:id, with languages, gender, licence and name; then the personas.

    A star marks the voice that an engine speaks a language with where none is asked for.
    """
    import utterly
    from utterly.api import default_speaker
    from utterly.preferences import Preferences
    from utterly.standing import Standing

    if refresh and engine is None:
        raise click.UsageError("--refresh asks the network of one engine: name it with --engine")
    if refresh and engine is not None:
        default_speaker().voices(engine, refresh=True)
    voices = utterly.voices(engine, language)
    personas = () if engine or language else tuple(Standing.gather(Preferences()).personas.values())
    if as_json:
        click.echo(json.dumps(_document(voices, language, personas), ensure_ascii=False, indent=2))
    else:
        for line in (*_voice_lines(voices, language), *_persona_lines(personas)):
            click.echo(line)
    if voices or personas:
        return 0
    click.echo(f"utterly: {_nobody(engine, language)}", err=True)
    return 1


def _voice_lines(voices: Sequence[Voice], language: str | None) -> Iterator[str]:
    defaults = _defaults(voices, language)
    return _table(
        (
            voice.reference,
            "*" if defaults[voice.reference] else "",
            ",".join(voice.languages),
            voice.gender or UNKNOWN,
            voice.licence or UNKNOWN,
            voice.name or voice.id,
        )
        for voice in voices
    )


def _persona_lines(personas: Iterable[Persona]) -> Iterator[str]:
    for persona in personas:
        voices = ", ".join(f"{engine}:{voice_id}" for engine, voice_id in persona.voices.items())
        yield f"{persona.name}  persona: {voices or 'the default voices'}"


def _document(
    voices: Sequence[Voice], language: str | None, personas: Iterable[Persona]
) -> dict[str, Any]:
    defaults = _defaults(voices, language)
    return {
        "voices": [
            {
                "voice": voice.reference,
                **asdict(voice),
                "regions": _regions(voice.languages),
                "default_for": defaults[voice.reference],
            }
            for voice in voices
        ],
        "personas": [asdict(persona) for persona in personas],
    }


def _regions(languages: Iterable[str]) -> list[str]:
    """The regions in language tags, `AT` of `de-AT` or `419` of `es-419`."""
    parts = (part for tag in languages for part in tag.replace("_", "-").split("-")[1:])
    return [part.upper() for part in parts if _is_region(part)]


def _is_region(subtag: str) -> bool:
    return (len(subtag) == 2 and subtag.isalpha()) or (len(subtag) == 3 and subtag.isdigit())


def _defaults(voices: Sequence[Voice], language: str | None) -> Mapping[str, list[str]]:
    """For each voice what its engine speaks with it where none is asked for.

    Args:
        voices: As they are listed.
        language: The one that was asked for; else every language, without its regions.
    """
    from utterly.languages import default_voice

    defaults: dict[str, list[str]] = {voice.reference: [] for voice in voices}
    for engine in dict.fromkeys(voice.engine for voice in voices):
        own = [voice for voice in voices if voice.engine == engine]
        spoken = [tag.partition("-")[0] for voice in own for tag in voice.languages]
        for tag in dict.fromkeys([language] if language else spoken):
            default = default_voice(own, tag)
            if default is not None:
                defaults[default.reference].append(tag)
    return defaults


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows with their columns below each other, without those of which nothing is known."""
    columns = [column for column in zip(*rows, strict=True) if set(column) != {UNKNOWN}]
    widths = [max(map(len, column)) for column in columns]
    for row in zip(*columns, strict=True):
        yield "  ".join(map(str.ljust, row, widths)).rstrip()


def _nobody(engine: str | None, language: str | None) -> str:
    """Why there is none, and what to do."""
    if language is None:
        return "there is no voice; `utterly engines` tells which engines work"
    whose = f"{engine} has no voice" if engine else "no voice"
    command = f"utterly voices --engine {engine}" if engine else "utterly voices"
    verb = "for" if engine else "speaks"
    return f"{whose} {verb} {language!r}; `{command}` lists all of them"
