#!/usr/bin/env python3
"""Draw `docs/images/failover.svg`: a chain failing over, as the terminal shows it.

The picture is of a real run: an engine whose connection breaks in the second sentence is installed
into a temporary folder, and what `utterly say` prints is drawn. `--check` draws nothing and exits
with 1 where the command prints something else today.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from utterly.testing import write_distribution

PICTURE = Path(__file__).parent / "images" / "failover.svg"

STORY = "Once there was a first choice. Then its connection broke. Nobody missed a word.\n"
COMMANDS = (
    "cat story.txt",
    "utterly say -f story.txt --engines flaky,espeak -o story.wav",
)

FLAKY = """
from utterly import TransientEngineError
from utterly.testing import Fault, ScriptedEngine

plugin = ScriptedEngine(
    Fault(
        "after_audio",
        after=0.2,
        text="Then its connection broke.",
        error=TransientEngineError("connection reset by peer"),
    ),
    seconds=1.8,
)
"""

WIDTH, PADDING, LINE = 860, 20, 22
STYLE = """
  .window { fill: #1e2430; }
  .bar { fill: #2b3343; }
  text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d7dce5; }
  .command { fill: #8fd19e; }
  .notice { fill: #f2c178; }
"""


def main() -> None:
    """Draw, or compare."""
    lines = run_commands()
    if "--check" not in sys.argv[1:]:
        PICTURE.write_text(draw(lines), "utf-8")
    elif not is_current(PICTURE.read_text("utf-8"), lines):
        sys.exit(f"{PICTURE.name} is out of date: run python docs/draw.py")


def is_current(picture: str, lines: list[str]) -> bool:
    """Whether a picture shows these lines; seconds may differ from one machine to the next."""
    return _without_seconds(picture) == _without_seconds(draw(lines))


def run_commands() -> list[str]:
    """The commands and what they print."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_distribution(
            folder, "utterly-flaky", source=FLAKY, entry="flaky = utterly_flaky:plugin"
        )
        (folder / "story.txt").write_text(STORY, "utf-8")
        lines = [f"$ {COMMANDS[0]}", *STORY.splitlines(), f"$ {COMMANDS[1]}"]
        return lines + _run(COMMANDS[1].split()[1:], folder)


def _run(arguments: list[str], folder: Path) -> list[str]:
    """What `utterly` prints, both streams in the order written."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("UTTERLY_")}
    completed = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "utterly", *arguments],
        cwd=folder,
        env={
            **plain,
            "PYTHONPATH": str(folder),
            "PYTHONUTF8": "1",
            "UTTERLY_CONFIG": str(folder / "config.toml"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )
    return completed.stdout.splitlines()


def draw(lines: list[str]) -> str:
    """A terminal window as SVG."""
    height = 2 * PADDING + 20 + LINE * len(lines)
    rows = [
        f'<text class="{_class_of(line)}" x="{PADDING}" y="{62 + LINE * row}"'
        f' xml:space="preserve">{escape(line)}</text>'
        for row, line in enumerate(lines)
    ]
    lights = [f'<circle cx="{20 + 18 * n}" cy="16" r="5" fill="#56617a"/>' for n in range(3)]
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
                f' width="{WIDTH}" height="{height}" role="img">'
            ),
            "<title>A chain of engines failing over, in a terminal</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="window" width="{WIDTH}" height="{height}" rx="8"/>',
            f'<rect class="bar" width="{WIDTH}" height="32" rx="8"/>',
            *lights,
            *rows,
            "</svg>\n",
        ]
    )


def _class_of(line: str) -> str:
    if line.startswith("$ "):
        return "command"
    return "notice" if line.startswith("utterly: ") else "output"


def _without_seconds(picture: str) -> str:
    return re.sub(r"\d+\.\d s", "0.0 s", picture)


if __name__ == "__main__":
    main()
