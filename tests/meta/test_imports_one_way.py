"""Imports point one way, from the command line down to plain values."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

CORE = Path(__file__).parents[2] / "core"
ROOT = CORE.parent

LAYERS: tuple[tuple[str, str], ...] = (
    # A module may import those of its own layer and of the layers above it in this table.
    (
        "values",
        (
            "errors secret audio resampling audio_formats output_path audio_file playback notebook"
            " engine_info request speech subtitles subtitles.* events cancellation context policy"
        ),
    ),
    ("contract", "hookspecs"),
    ("download", "download download.*"),
    (
        "wishes",
        (
            "normalisation clauses sentences text text_source detection languages settings"
            " isolation_settings preferences personas toml_file configuration folder_file standing"
            " voice_choice wishes turns casting"
        ),
    ),
    ("plugins", "plugins plugins.*"),
    ("engine session", "engine engine.*"),
    ("isolation", "isolation isolation.*"),
    ("policy", "chain reactions decisions health process health_book"),
    (
        "orchestrator",
        (
            "observers extensions release plan lineup attempt seams loudness assembly turn"
            " orchestrator"
        ),
    ),
    (
        "speaker",
        (
            "configured_engines sessions voice_finder resolution recording narration chain_facts"
            " requests progress telling notebook_progress dubbing dubbing.* speech_stream"
            " async_bridge async_speech_stream speaker_base speaker async_speaker api models"
            " diagnosis installation"
        ),
    ),
    ("pages", "gradio gradio.* studio studio.*"),
    ("command line", "cli cli.* __main__"),
    ("testing", "testing testing.*"),
)
"""From the bottom up; the package's own `__init__` is a door to all of them and belongs to none."""

FRONT_DOOR = "utterly"


class Import(NamedTuple):
    """One module importing another, at run time or for annotations only."""

    importer: str
    imported: str
    for_types: bool


def _module_name(path: Path) -> str:
    parts = path.relative_to(CORE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_module_name(path): path for path in sorted((CORE / "utterly").rglob("*.py"))}


def _imports_of(module: str) -> Iterator[Import]:
    """Every import statement of a module, also inside functions."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        for name in _imported_names(node):
            yield Import(module, name, node in for_types)


def _imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    assert node.level == 0, "imports are absolute"
    source = node.module or ""
    full = [f"{source}.{alias.name}" for alias in node.names]
    return [name if name in MODULES else source for name in full]


IMPORTS = [entry for module in MODULES if module != FRONT_DOOR for entry in _imports_of(module)]
OWN_IMPORTS = [entry for entry in IMPORTS if entry.imported in MODULES]


def _layer(module: str) -> int:
    """Place of a module in the table."""
    name = module.removeprefix("utterly.")
    for place, (_title, patterns) in enumerate(LAYERS):
        for pattern in patterns.split():
            if name == pattern or (pattern.endswith("*") and name.startswith(pattern[:-1])):
                return place
    raise AssertionError(f"{module} has no layer: give it one in LAYERS")


@pytest.mark.parametrize("module", [name for name in MODULES if name != FRONT_DOOR])
def test_imports_point_down(module: str) -> None:
    """No module imports from a layer over its own, not even for annotations."""
    upward = [
        entry.imported
        for entry in OWN_IMPORTS
        if entry.importer == module
        and entry.imported != FRONT_DOOR
        and _layer(entry.imported) > _layer(module)
    ]

    assert [] == upward


def test_imports_have_no_cycle() -> None:
    """Within a layer too, no module waits for itself at run time."""
    graph: dict[str, set[str]] = {}
    for entry in OWN_IMPORTS:
        if not entry.for_types:
            graph.setdefault(entry.importer, set()).add(entry.imported)

    assert list(TopologicalSorter(graph).static_order())


def test_front_door_is_for_the_surface() -> None:
    """Only the command line and the test kit come in through `import utterly`."""
    users = {entry.importer for entry in OWN_IMPORTS if entry.imported == FRONT_DOOR}

    assert set() == {name for name in users if _layer(name) < _layer("utterly.cli")}


def test_front_door_opens_on_values_only() -> None:
    """What `import utterly` loads at once is what a plugin needs."""
    tree = ast.parse(MODULES[FRONT_DOOR].read_text("utf-8"))
    at_once = [name for node in tree.body for name in _imported_names(node) if name in MODULES]

    assert {"values", "contract"} == {LAYERS[_layer(name)][0] for name in at_once}


def test_layers_have_no_stale_name() -> None:
    """Every name in the table is a module."""
    patterns = [pattern for _title, row in LAYERS for pattern in row.split()]
    plain = [f"utterly.{pattern}" for pattern in patterns if not pattern.endswith("*")]

    assert [] == [name for name in plain if name not in MODULES]


def test_core_imports_declared_libraries_only() -> None:
    """No engine distribution and no engine's library; what is imported is a dependency."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    requirements = [*project["dependencies"], *extras["test"]]
    for extra in ("dub", "hub", "play", "studio"):
        requirements += extras[extra]
    declared = {re.split(r"[<>=;\[ ]", line)[0].replace("-", "_") for line in requirements}
    from sys import stdlib_module_names

    foreign = {entry.imported.partition(".")[0] for entry in IMPORTS} - {"utterly"}

    assert set() == foreign - stdlib_module_names - declared


def test_plugins_use_the_public_package_only() -> None:
    """`utterly` alone is all that a plugin imports of us, but for its tests."""
    inner = []
    for path in ROOT.glob("plugins/*/src/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            inner += [name for name in _source_names(node) if name.startswith("utterly.")]

    assert [] == inner


def _source_names(node: ast.AST) -> list[str]:
    """The modules that a statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_design_page_has_the_same_order() -> None:
    """Who reads about the layers reads what is held here."""
    page = (ROOT / "docs" / "design.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z ]+) \| (`.*`) \|", page, re.MULTILINE)
    described = [(title, set(re.findall(r"`([\w.*]+)`", modules))) for title, modules in rows]

    assert [(title, _named_in_docs(row)) for title, row in LAYERS] == described


def _named_in_docs(row: str) -> set[str]:
    """A package is described by its modules, `__main__` by the command line."""
    names = set(row.split())
    return {name for name in names if f"{name}.*" not in names and name != "__main__"}
