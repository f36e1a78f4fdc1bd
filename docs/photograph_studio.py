#!/usr/bin/env python3
"""Take the pictures of the studio in `docs/images/`, in a real browser with demonstration engines.

Run `python docs/photograph_studio.py` after a change to the page; it needs Chromium and eSpeak.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import utterly
from utterly.studio.server import StudioServer, open_socket, serve
from utterly.studio.studio import StudioOptions
from utterly.testing import register_engine

IMAGES = Path(__file__).parent / "images"
TEXT = (
    "Once upon a time there was a voice that never fell silent. One evening the line broke in the"
    " middle of a word. Somebody else took over before anyone had noticed. And when the morning"
    " came, the first voice was back."
)
BROKEN = ("One evening", "Somebody else")
DESKTOP, PHONE = (1240, 980), (390, 844)


class Demonstration:
    """Speaks with a voice of eSpeak's, but not every sentence."""

    utterly_api = 1

    def __init__(self, title: str, variant: str, fails: tuple[str, ...] = ()) -> None:
        self._title = title
        self._variant = variant
        self._fails = fails

    @utterly.hookimpl
    def describe(self) -> utterly.EngineInfo:
        """The facts."""
        return utterly.EngineInfo(self._title, "local", ("en",), 24_000)

    @utterly.hookimpl
    def load(self) -> utterly.Speaker:
        """The real speaker."""
        return utterly.Speaker("espeak", settings={"espeak": {"variant": self._variant}})

    @utterly.hookimpl
    def synthesize(self, model: utterly.Speaker, request: Any) -> Iterator[utterly.Audio]:
        """A sentence, or the failure that was asked for."""
        if request.text.startswith(self._fails or ("\0",)):
            raise utterly.TransientEngineError("the connection was lost")
        yield utterly.Audio(model.say(request.text).samples, 24_000)


def main() -> None:
    """Take all pictures."""
    with ExitStack() as stack:
        engines = {
            "aria": Demonstration("Aria", "f3", BROKEN),
            "bruno": Demonstration("Bruno", "m3"),
        }
        for name, engine in engines.items():
            stack.enter_context(register_engine(engine, name))
        address = stack.enter_context(_Studio(tuple(engines)))
        playwright = stack.enter_context(sync_playwright())
        chromium = shutil.which("chromium") or sys.exit("install Chromium first")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, theme, size, whole in (
            ("light", "light", DESKTOP, False),
            ("dark", "dark", DESKTOP, False),
            ("phone", "dark", PHONE, True),
        ):
            viewport: Any = {"width": size[0], "height": size[1]}
            page = browser.new_page(viewport=viewport, color_scheme=theme)  # type: ignore[arg-type]  # one of its words
            _speak(page, address)
            _save(page.screenshot(full_page=whole), IMAGES / f"studio-{name}.webp")


class _Studio:
    """The studio in a thread; its address."""

    def __init__(self, engines: tuple[str, ...]) -> None:
        self._listener = open_socket("127.0.0.1", 0)
        self._servers: list[StudioServer] = []
        work = serve(StudioOptions(engines), self._listener, on_start=self._servers.append)
        self._thread = Thread(target=lambda: asyncio.run(work))

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_error: object) -> None:
        self._servers[0].should_exit = True
        self._thread.join()


def _speak(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("textbox").fill(TEXT)
    page.get_by_role("button", name="Speak", exact=True).click()
    page.locator("#result-state", has_text="Complete").wait_for()
    page.wait_for_timeout(4_500)  # until it plays somewhere in the middle
    page.evaluate("document.activeElement.blur()")


def _save(png: bytes, path: Path) -> None:
    Image.open(io.BytesIO(png)).save(path, quality=80, method=6)


if __name__ == "__main__":
    main()
