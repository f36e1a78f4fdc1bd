"""The example of a Gradio app, as its readers start it and use it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., Any]

EXAMPLE = "examples/gradio_app.py"
TEXT = "Here is the first sentence. And here comes the second one."


def test_example_has_twenty_lines(repository: Path) -> None:
    """And the page that shows it shows the same."""
    example = (repository / EXAMPLE).read_text("utf-8")
    page = (repository / "docs" / "how-to" / "speak-in-a-gradio-app.md").read_text("utf-8")

    assert 20 >= len(example.splitlines())
    assert f'```python title="gradio_app.py"\n{example}```' in page


@pytest.fixture
def example(repository: Path, tmp_path: Path) -> Iterator[str]:
    """The example app as its readers start it; its address."""
    pytest.importorskip("gradio")
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg, as of `apt-get install ffmpeg`: Gradio streams through it")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "GRADIO_ANALYTICS_ENABLED": "False",
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, repository / EXAMPLE],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout
        assert any("Running on local URL" in line for line in app.stdout)
        yield f"http://127.0.0.1:{port}"
        app.terminate()


def test_example_reads_aloud_in_the_browser(example: str, open_page: OpenPage) -> None:
    """Type, press the button, get audio in the player, and read its subtitles."""
    expect: Any = pytest.importorskip("playwright.sync_api").expect
    page: Page = open_page(example, is_ours=False)

    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Read aloud").click()

    subtitles = page.get_by_label("Subtitles")
    expect(subtitles).to_have_value(re.compile("second one"), timeout=30_000)
    # Whether it plays is Gradio's affair: on a busy machine its player gives up on a playlist that
    # is still empty.
    expect(page.locator("audio")).to_have_attribute("src", re.compile("."))
