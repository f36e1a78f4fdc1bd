#!/usr/bin/env python3
"""Write `docs/reference/`, and the tables of other pages, from the code.

Run `python docs/generate.py` after a change to either; `--check` writes nothing and exits with 1
where a page is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import griffe
from command_line import INTRODUCTION, describe_commands
from tables import fill_tables

Thing: TypeAlias = Any
"""A class, function or attribute, or an alias of one: griffe has them answer alike."""

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Made by docs/generate.py from the code: change it there. -->"
WIDTH = 92

FOR_PROGRAMS = (
    "api.say",
    "api.stream",
    "api.dub",
    "api.engines",
    "api.voices",
    "Speaker",
    "speaker_base.SpeakerBase",
    "SpeechOptions",
    "SpeechStream",
    "AsyncSpeaker",
    "AsyncSpeechStream",
    "Policy",
    "Speech",
    "SpokenSegment",
    "Attempt",
    "AudioChunk",
    "Word",
    "Voice",
    "plugins.reports.PluginReport",
    "speech.Stage",
    "speech.Status",
    "engine.model.UnloadPolicy",
    "text_source.Text",
)
OTHER_EVENTS = ("folder_file.PreferenceIgnored", "isolation.ending.EngineProcessEnded")
PACKAGES = ("download", "dubbing", "gradio", "subtitles", "testing")
"""Packages of a subject of their own, each with a page."""

FOR_PLUGINS = (
    "hookimpl",
    "UTTERLY_API",
    "Audio",
    "Context",
    "EngineInfo",
    "SpeechRequest",
    "Source",
    "request.FEATURES",
    "Secret",
)


def main() -> None:
    """Write the pages, or compare them."""
    outdated = {path: text for path, text in make_pages().items() if _read(path) != text}
    if "--check" not in sys.argv[1:]:
        for path, text in outdated.items():
            path.write_text(text, "utf-8")
    elif outdated:
        names = ", ".join(path.name for path in outdated)
        sys.exit(f"out of date: {names}; run python docs/generate.py")


def make_pages() -> dict[Path, str]:
    """The text of every page."""
    package = griffe.load("utterly", search_paths=[ROOT / "core"], resolve_aliases=True)
    pages = {
        "python": _page(
            "Python",
            "What a program uses. All of it is in `utterly`, but for `PluginReport` and the names"
            " of types at the end.",
            (_object(package[name]) for name in FOR_PROGRAMS),
        ),
        "hooks": _page(
            "Hooks",
            "What a plugin implements, marked with `@utterly.hookimpl`, and the values that it gets"
            " and gives. A hook names just the arguments that it wants. [For authors of"
            " plugins](../plugins.md) begins at the beginning.",
            _hooks(package),
        ),
        "errors": _page(
            "Errors", _text(package["errors"]), map(_object, _classes(package["errors"]))
        ),
        "events": _page(
            "Events",
            _text(package["events"]),
            map(_object, [*_classes(package["events"]), *(package[name] for name in OTHER_EVENTS)]),
        ),
        **{name: _package_page(package[name]) for name in PACKAGES},
        "command-line": _page("Command line", INTRODUCTION, describe_commands(WIDTH)),
    }
    failing_over = ROOT / "docs" / "failing-over.md"
    return {
        **{REFERENCE / f"{name}.md": text for name, text in pages.items()},
        failing_over: fill_tables(failing_over.read_text("utf-8"), package),
    }


def _package_page(package: Thing) -> str:
    """All that a package offers."""
    objects = (_object(package[name]) for name in _all(package))
    return _page(package.name.capitalize(), _text(package), objects)


def _hooks(package: Thing) -> Iterator[str]:
    for specs in ("EngineSpecs", "ExtensionSpecs"):
        owner = package["hookspecs"][specs]
        yield f"## {'Engines' if specs == 'EngineSpecs' else 'Extensions'}\n\n{_text(owner)}"
        yield from (_object(hook, heading="###") for hook in _methods(owner))
    yield "## Values"
    yield from (_object(package[name], heading="###") for name in FOR_PLUGINS)


def _page(title: str, introduction: str, parts: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", NOTE, introduction, *parts]) + "\n"


def _object(thing: Thing, *, heading: str = "##") -> str:
    """One function or class with its members."""
    signature = _signature(thing).replace("'", '"')
    parts = [f"{heading} `{thing.name}`", _fence(signature, "python"), _text(thing)]
    if thing.is_class:
        members = [member for member in _methods(thing) if member.docstring]
        parts += [_object(member, heading=f"{heading}#") for member in members]
    return "\n\n".join(part for part in parts if part)


def _text(thing: Thing) -> str:
    """The docstring as Markdown."""
    if thing.docstring is None:
        return ""
    sections = thing.docstring.parse("google", warnings=False)
    return "\n\n".join(filter(None, map(_section, sections)))


def _section(section: griffe.DocstringSection) -> str:
    kind = section.kind.value
    if kind == "text":
        return _literal_blocks(section.value)
    titles = {"parameters": "Arguments", "raises": "Raises", "attributes": "Attributes"}
    if kind in titles:
        named = "annotation" if kind == "raises" else "name"
        rows = [f"* `{getattr(row, named)}`: {_one(row.description)}" for row in section.value]
        return f"**{titles[kind]}**\n\n" + "\n".join(rows)
    values = " ".join(_one(value.description) for value in section.value)
    return f"**{kind.capitalize()}** {values}"


def _literal_blocks(text: str) -> str:
    """Indented blocks after `::` as fenced ones."""
    pattern = re.compile(r"^(.*?):?:\n\n((?:(?: {4}.*)?\n)*(?: {4}.*))", re.MULTILINE)

    def fence(match: re.Match[str]) -> str:
        block = "\n".join(line[4:] for line in match[2].splitlines())
        introduction = f"{match[1]}:\n\n" if match[1] else ""
        return introduction + _fence(block.strip("\n"), "")

    return pattern.sub(fence, text)


def _signature(thing: Thing) -> str:
    """How it is written or called, wrapped where it is long."""
    if "property" in thing.labels:
        return f"{thing.name}: {thing.annotation}"
    if thing.is_attribute:
        return f"{thing.name} = {thing.value}"
    parameters = list(_parameters(thing))
    keyword = "class" if thing.is_class else "def"
    result = f" -> {thing.returns}" if thing.is_function and thing.returns else ""
    start = f"{'async ' if 'async' in thing.labels else ''}{keyword} {thing.name}"
    line = f"{start}({', '.join(parameters)}){result}"
    if len(line) <= WIDTH or not parameters:
        return line.removesuffix("()") if thing.is_class else line
    return f"{start}(\n" + "".join(f"    {entry},\n" for entry in parameters) + f"){result}"


_STARS = {
    griffe.ParameterKind.var_positional: "*",
    griffe.ParameterKind.var_keyword: "**",
}


def _parameters(thing: Thing) -> Iterator[str]:
    keyword_only = False
    for parameter in thing.parameters:
        if parameter.name in ("self", "cls") or parameter.name.startswith("_"):
            continue
        kind = parameter.kind
        if kind is griffe.ParameterKind.keyword_only and not keyword_only:
            keyword_only = True
            yield "*"
        star = _STARS.get(kind, "")
        keyword_only = keyword_only or bool(star)
        annotation = f": {parameter.annotation}" if parameter.annotation else ""
        equals = " = " if annotation else "="
        default = f"{equals}{parameter.default}" if parameter.default and not star else ""
        yield f"{star}{parameter.name}{annotation}{default}"


def _methods(owner: Thing) -> list[Thing]:
    """Public methods and properties that the class itself defines."""
    return [
        member
        for name, member in owner.members.items()
        if not name.startswith("_") and (member.is_function or "property" in member.labels)
    ]


def _classes(module: Thing) -> list[Thing]:
    """The classes that a module itself defines."""
    return [m for m in module.members.values() if not m.is_alias and m.is_class]


def _all(module: Thing) -> list[str]:
    return [str(name).strip("'\"") for name in module.exports or ()]


def _one(text: str) -> str:
    """A description as one line."""
    return " ".join(text.split())


def _fence(text: str, language: str) -> str:
    return f"```{language}\n{text}\n```"


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    main()
