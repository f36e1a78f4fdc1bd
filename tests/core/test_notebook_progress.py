"""Tests of a real notebook: a long text shows one line, a short one none, and both a player."""

from __future__ import annotations

import asyncio
from typing import Any

import nbclient
import nbformat
import pytest

PREPARE = """
import utterly.notebook_progress as progress
from utterly import Speaker
from utterly.testing import ScriptedEngine, register_engine

progress.RENEW_SECONDS = 0.0
registered = register_engine(ScriptedEngine(name="first"), "first")
registered.__enter__()
"""
SAY = """
text = " ".join(f"Sentence {{number}} is here." for number in range({sentences}))
with Speaker("first") as speaker:
    speech = speaker.say(text)
"""


@pytest.fixture(scope="module")
def run_cells() -> Any:
    """Run a notebook; the outputs of its last cell."""

    def run(*cells: str) -> list[Any]:
        v4: Any = nbformat.v4  # its functions have no types
        notebook = v4.new_notebook(cells=list(map(v4.new_code_cell, cells)))
        client = nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3")
        asyncio.run(client.async_execute())  # execute() would leave an event loop open
        outputs: list[Any] = notebook.cells[-1].outputs
        return outputs

    return run


# What the kernel's libraries warn of in its own process and in the client is not ours.
pytestmark = pytest.mark.filterwarnings("ignore")


def test_long_text_leaves_an_empty_line(run_cells: Any) -> None:
    """However many sentences there are, it is one output, and blank when all is spoken."""
    (output,) = run_cells(PREPARE, SAY.format(sentences=40))

    assert {"text/plain": "", "text/html": ""} == output["data"]


def test_long_text_shows_how_far_it_has_come(run_cells: Any) -> None:
    """The line tells share, speech and time left."""
    watch = "progress._Shown.clear = lambda self: None"
    (output,) = run_cells(PREPARE, watch, SAY.format(sentences=40))

    assert "100% spoken: " in output["data"]["text/plain"]


def test_short_text_shows_nothing(run_cells: Any) -> None:
    """Nobody waits for it."""
    assert [] == run_cells(PREPARE, SAY.format(sentences=3))


def test_speech_shows_a_player(run_cells: Any) -> None:
    """It can be heard in the page."""
    (output,) = run_cells(PREPARE, SAY.format(sentences=3) + "\nspeech")

    assert "<audio controls" in output["data"]["text/html"]
