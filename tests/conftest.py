"""Fixtures for all tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from utterly.testing import Fault, ScriptedEngine, register_engine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

InstallEngine = Callable[..., ScriptedEngine]
OpenPage = Callable[..., "Page"]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET_CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)


@pytest.fixture
def install() -> Iterator[InstallEngine]:
    """Register scripted engines for one test, and end their hangs after it."""
    with ExitStack() as stack:

        def install_engine(name: str, *faults: Fault, **options: Any) -> ScriptedEngine:
            engine = stack.enter_context(ScriptedEngine(*faults, name=name, **options))
            stack.enter_context(register_engine(engine, name))
            return engine

        yield install_engine


@pytest.fixture(scope="module")  # no longer: while it is there, this thread has an event loop
def browser() -> Iterator[Browser]:
    """The system's Chromium; tests that need one are skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.skip("needs Chromium, as of `apt-get install chromium`")
    with playwright.sync_playwright() as started:
        yield started.chromium.launch(executable_path=program, args=QUIET_CHROMIUM)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a page as somebody new; in the end nothing was wrong with it, or sent elsewhere.

    Of a page that is not ours, what it says on its console is not looked at.
    """
    from utterly.studio.server import is_loopback

    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        is_answer = "401 (Unauthorized)" in message.text  # the browser's, of what the page mends
        if message.type in ("error", "warning") and not is_answer:
            complaints.append(message.text)

    with ExitStack() as stack:

        def open_new(address: str, *, is_ours: bool = True, **options: Any) -> Page:
            context = browser.new_context(**options)
            stack.callback(context.close)
            context.set_default_timeout(20_000)
            page = context.new_page()
            if is_ours:
                page.on("console", note)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("request", lambda request: requested.add(request.url))
            page.goto(address)
            return page

        requested: set[str] = set()
        yield open_new
    names = {urlsplit(url).hostname or "" for url in requested}

    assert [] == complaints
    assert [] == [name for name in names if name and not is_loopback(name)]
